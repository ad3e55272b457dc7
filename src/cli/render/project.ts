import type { ProjectDetails } from '../../turbobackend.ts';
import { databaseUrl } from './footer.ts';
import { shownPath } from './path.ts';
import type { Style } from './style.ts';
import { oneLine } from './text.ts';

/** A project in words, for `show`. */
export function describeProject(project: ProjectDetails, { paint }: Style, home: string | undefined): string {
  const rows: readonly (readonly [string, string])[] = [
    ['Status', project.status],
    ['Prompt', oneLine(project.prompt)],
    ['API', project.url && paint('cyan', project.url)],
    ['Docs', project.docsUrl && paint('cyan', project.docsUrl)],
    ['Code', shownPath(project.sourceDir, home)],
    ['Repository', shownPath(project.repository, home)],
    ['Commit', project.commit],
    ['Revision', project.revision === 0 ? '' : String(project.revision)],
    ['Archive', shownPath(project.artifact, home)],
    ['Receipt', shownPath(project.receipt, home)],
    ['Database', project.database === null ? '' : databaseUrl(project.database)],
    ['Tables', project.tables.join(', ')],
    ['Created', formatTime(project.createdAt)],
    ...project.runs.map((run, index) => [index === 0 ? 'Runs' : '', `${run.id}  ${run.status}`] as const),
  ];
  return [
    `${paint('bold', project.name)}  ${paint('dim', project.projectId)}`,
    ...rows.filter(([, value]) => value !== '').map(([label, value]) => `  ${label.padEnd(11)} ${value}`),
  ].join('\n');
}

/** `2026-11-22 11:30` in UTC, for a time in unix seconds. */
export function formatTime(unixSeconds: number): string {
  return new Date(unixSeconds * 1000).toISOString().slice(0, 16).replace('T', ' ');
}
