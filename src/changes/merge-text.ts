import { diff3Merge } from 'node-diff3';

/** A place of a file where both sides changed the same lines. */
export interface Disagreement {
  /** In the merged text, from 1. */
  readonly line: number;
  readonly base: string;
  readonly ours: string;
  readonly theirs: string;
}

export interface MergedText {
  /** With marks around each disagreement. */
  readonly text: string;
  readonly disagreements: readonly Disagreement[];
}

/** Merges line by line what both sides made of `base`. The ends of lines are as `ours` has them. */
export function mergeText(base: string, ours: string, theirs: string): MergedText {
  const disagreements: Disagreement[] = [];
  const lines: string[] = [];
  for (const { ok, conflict } of diff3Merge(linesOf(ours), linesOf(base), linesOf(theirs), {
    excludeFalseConflicts: true,
  })) {
    const settled = ok ?? (conflict && settle(conflict));
    if (!settled && conflict) {
      const { a, o, b } = conflict;
      disagreements.push({ line: lines.length + 1, base: o.join(''), ours: a.join(''), theirs: b.join('') });
    }
    lines.push(...(settled ?? marked(conflict)));
  }
  const text = lines.join('');
  return { text: ours.includes('\r\n') ? text.replaceAll('\n', '\r\n') : text, disagreements };
}

interface Sides {
  readonly a: readonly string[];
  readonly o: readonly string[];
  readonly b: readonly string[];
}

/** Each with its end; the last one may have none. */
function linesOf(text: string): string[] {
  return text.replaceAll('\r\n', '\n').match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

function marked(conflict: Sides | undefined): readonly string[] {
  const { a, o, b } = conflict ?? { a: [], o: [], b: [] };
  return ['<<<<<<< yours\n', ...a, '||||||| generated before\n', ...o, '=======\n', ...b, '>>>>>>> generated now\n'];
}

/** One side only added lines before or after what the other changed: both are kept, and the gates judge the result. */
function settle({ a, o, b }: Sides): readonly string[] | undefined {
  if (o.length === 0) return isList(a) && isList(b) ? [...a, ...b] : undefined;
  for (const [added, changed] of [
    [b, a],
    [a, b],
  ] as const) {
    if (startsWith(added, o)) return [...changed, ...added.slice(o.length)];
    if (startsWith(added.toReversed(), o.toReversed())) return [...added.slice(0, -o.length), ...changed];
  }
  return undefined;
}

function startsWith(whole: readonly string[], part: readonly string[]): boolean {
  return part.every((line, index) => whole[index] === line);
}

/** Lines that stand for themselves, such as imports and the calls of `routes.ts`. */
function isList(lines: readonly string[]): boolean {
  return lines.every((line) => /^(?:import .*;|\s+\w+\(.*\);|\s+\{.*\},|\s+\w+: .*,)\n$/.test(line));
}
