import type { ChangedFile } from '../../domain/change-plan.ts';
import type { SourceFile } from '../../domain/source-file.ts';

/** Which files differ, by their paths in order. */
export function changedFiles(before: readonly SourceFile[], after: readonly SourceFile[]): readonly ChangedFile[] {
  const old = new Map(before.map(({ path, content }) => [path, content]));
  const now = new Set(after.map(({ path }) => path));
  const removed = before.filter(({ path }) => !now.has(path)).map(({ path }) => ({ path, change: 'removed' }) as const);
  const others = after.flatMap(({ path, content }): ChangedFile[] => {
    const earlier = old.get(path);
    if (earlier === content) return [];
    return [{ path, change: earlier === undefined ? 'added' : 'changed' }];
  });
  return [...others, ...removed].toSorted((a, b) => (a.path < b.path ? -1 : 1));
}
