import type { RevisionDiff } from '../../domain/change-plan.ts';
import type { Style } from './style.ts';

/** What differs between two revisions, for people and for `git apply`, which passes over what says no file's name. */
export function describeRevisionDiff(diff: RevisionDiff, { paint, marks }: Style): string {
  const { project, from, to, files, schema } = diff;
  const lines = [paint('bold', `${project}, revision ${from} → ${to}`)];
  if (files.length === 0 && schema === '') lines.push('Nothing differs.');
  if (schema !== '') lines.push('', 'Schema:', ...coloured(schema, paint).map((line) => `  ${line}`));
  for (const { path, change, patch, truncated } of files) {
    lines.push(
      '',
      paint('bold', `--- ${change === 'added' ? '/dev/null' : `a/${path}`}`),
      paint('bold', `+++ ${change === 'removed' ? '/dev/null' : `b/${path}`}`),
      ...coloured(patch, paint),
      ...(truncated ? [paint('yellow', `${marks.ellipsis} and more than can be shown here`)] : []),
    );
  }
  return lines.join('\n');
}

const COLOURS = { '+': 'green', '-': 'red', '@': 'cyan' } as const;

function coloured(patch: string, paint: Style['paint']): readonly string[] {
  return patch
    .replace(/\n$/, '')
    .split('\n')
    .map((line) => {
      const colour = COLOURS[line.charAt(0) as keyof typeof COLOURS] as 'green' | undefined;
      return colour === undefined ? line : paint(colour, line);
    });
}
