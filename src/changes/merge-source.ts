import type { SourceFile } from '../domain/source-file.ts';
import { mergeText, type Disagreement } from './merge-text.ts';

/** A path on which what people made of the source and what is generated now cannot both stand. */
export interface SourceConflict {
  readonly path: string;
  readonly kind:
    | 'both changed'
    | 'added by both'
    | 'removed here, changed by the generator'
    | 'changed here, no longer generated';
  readonly disagreements: readonly Disagreement[];
}

export interface MergedSource {
  readonly files: readonly SourceFile[];
  readonly conflicts: readonly SourceConflict[];
}

/** Made from the catalog or from the code, so never merged. */
const MADE_ANEW: ReadonlySet<string> = new Set([
  'openapi.json',
  'package-lock.json',
  'docs/schema.svg',
  'db/sample-rows.json',
]);

/** From so much of its lines in common on, a file that is gone and one that is new are the same, moved. */
const ALIKE = 0.7;

/**
 * Merges what is generated now (`theirs`) into what people made of what was generated before (`ours`, from `base`). Each
 * path is settled by itself; a file that was moved is followed.
 */
export function mergeSource(sides: Readonly<Record<'base' | 'ours' | 'theirs', readonly SourceFile[]>>): MergedSource {
  const trees: Trees = { base: treeOf(sides.base), ours: treeOf(sides.ours), theirs: treeOf(sides.theirs) };
  const paths = [...new Set([...trees.base.keys(), ...trees.ours.keys(), ...trees.theirs.keys()])].toSorted();
  const merged = new Map<string, string>();
  const conflicts: SourceConflict[] = [];
  for (const path of paths) {
    // Where a file went that was moved.
    if (merged.has(path)) continue;
    const outcome = mergePath(trees, path);
    if (outcome.text !== undefined) merged.set(outcome.path ?? path, outcome.text);
    if (outcome.conflict) conflicts.push(outcome.conflict);
  }
  return { files: [...merged].map(([path, content]) => ({ path, content })), conflicts };
}

type Tree = ReadonlyMap<string, string>;
type Trees = Readonly<Record<'base' | 'ours' | 'theirs', Tree>>;

interface Outcome {
  /** Undefined when the file is to go. */
  readonly text: string | undefined;
  /** Where it goes, when not where it was. */
  readonly path?: string;
  readonly conflict?: SourceConflict;
}

function treeOf(files: readonly SourceFile[]): Tree {
  return new Map(files.map(({ path, content }) => [path, content]));
}

function mergePath(trees: Trees, path: string): Outcome {
  const [base, ours, theirs] = [trees.base.get(path), trees.ours.get(path), trees.theirs.get(path)];
  if (MADE_ANEW.has(path)) return { text: ours === undefined && base !== undefined ? undefined : theirs };
  if (ours === theirs || theirs === base) return { text: ours };
  if (ours === base) return { text: theirs };
  if (ours === undefined) return removedHere(trees, path, base ?? '', theirs ?? '');
  if (theirs === undefined)
    return { text: ours, conflict: { path, kind: 'changed here, no longer generated', disagreements: [] } };
  return bothChanged(path, base, ours, theirs);
}

function bothChanged(path: string, base: string | undefined, ours: string, theirs: string): Outcome {
  const { text, disagreements } = mergeText(base ?? '', ours, theirs);
  if (disagreements.length === 0) return { text, path };
  return { text, path, conflict: { path, kind: base === undefined ? 'added by both' : 'both changed', disagreements } };
}

function removedHere({ base, ours }: Trees, path: string, before: string, theirs: string): Outcome {
  const moved = [...ours].find(([other, text]) => !base.has(other) && isAlike(text, before));
  if (moved) return bothChanged(moved[0], before, moved[1], theirs);
  return { text: undefined, conflict: { path, kind: 'removed here, changed by the generator', disagreements: [] } };
}

function isAlike(one: string, other: string): boolean {
  const [a, b] = [new Set(one.split('\n')), new Set(other.split('\n'))];
  return a.intersection(b).size / Math.max(a.size, b.size) > ALIKE;
}
