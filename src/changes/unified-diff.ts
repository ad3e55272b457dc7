import { diffIndices } from 'node-diff3';

/** Lines around a change that are shown with it. */
const CONTEXT = 3;

interface Change {
  readonly before: readonly [start: number, length: number];
  readonly after: readonly [start: number, length: number];
}

/** What became of a text, as `diff -u` shows it, without the lines that name the files; empty when they are the same. */
export function unifiedDiff(before: string, after: string): string {
  const [old, now] = [linesOf(before), linesOf(after)];
  const changes = diffIndices(old, now).map(({ buffer1, buffer2 }): Change => ({ before: buffer1, after: buffer2 }));
  return hunksOf(changes)
    .map((hunk) => renderHunk(hunk, old, now))
    .join('');
}

/** Each with its end; the last one may have none. */
function linesOf(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

/** Changes that are so near to each other that the lines between them are shown are one hunk. */
function hunksOf(changes: readonly Change[]): readonly (readonly Change[])[] {
  const hunks: Change[][] = [];
  for (const change of changes) {
    const last = hunks.at(-1)?.at(-1);
    const isNear = last !== undefined && change.before[0] - endOf(last.before) <= 2 * CONTEXT;
    if (isNear) hunks.at(-1)?.push(change);
    else hunks.push([change]);
  }
  return hunks;
}

function renderHunk(hunk: readonly Change[], old: readonly string[], now: readonly string[]): string {
  const [first, last] = [hunk[0], hunk.at(-1)];
  if (!first || !last) return '';
  const start = Math.max(0, first.before[0] - CONTEXT);
  const end = Math.min(old.length, endOf(last.before) + CONTEXT);
  const shift = first.after[0] - first.before[0];
  const grown = endOf(last.after) - endOf(last.before) - shift;
  const lines: string[] = [];
  let at = start;
  for (const { before, after } of hunk) {
    lines.push(...old.slice(at, before[0]).map((line) => marked(' ', line)));
    lines.push(...old.slice(before[0], endOf(before)).map((line) => marked('-', line)));
    lines.push(...now.slice(after[0], endOf(after)).map((line) => marked('+', line)));
    at = endOf(before);
  }
  lines.push(...old.slice(at, end).map((line) => marked(' ', line)));
  const header = `@@ -${rangeOf(start, end - start)} +${rangeOf(start + shift, end - start + grown)} @@\n`;
  return `${header}${lines.join('')}`;
}

/** From 1; the line before, where there is none. */
function rangeOf(start: number, length: number): string {
  const first = length === 0 ? start : start + 1;
  return length === 1 ? String(first) : `${first},${length}`;
}

function endOf([start, length]: Change['before']): number {
  return start + length;
}

function marked(mark: ' ' | '-' | '+', line: string): string {
  return line.endsWith('\n') ? `${mark}${line}` : `${mark}${line}\n\\ No newline at end of file\n`;
}
