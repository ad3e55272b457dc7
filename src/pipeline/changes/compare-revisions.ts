import type { Pool } from 'pg';
import { schemaBefore, unifiedDiff, type ChangeStep } from '../../changes/changes.ts';
import type { RevisionDiff } from '../../domain/change-plan.ts';
import type { SourceFile } from '../../domain/source-file.ts';
import { schemaSql } from '../../schema/schema.ts';
import { readStatements } from '../../store/generated-queries.ts';
import { listRevisions, type RevisionRecord } from '../../store/project-revisions.ts';
import type { ProjectRecord } from '../../store/projects.ts';
import type { RunPorts } from '../run-context.ts';
import { changedFiles } from './changed-files.ts';
import { archiveHash } from './project-state.ts';

interface Comparing {
  readonly pool: Pool;
  readonly ports: Pick<RunPorts, 'artifacts'>;
  readonly project: ProjectRecord;
}

/** How much of one file's difference is shown. */
const LONGEST_PATCH = 20_000;

/** What became of the files and of the schema from one revision to another, in either direction. */
export async function compareRevisions(
  comparing: Comparing,
  from: RevisionRecord,
  to: RevisionRecord,
): Promise<RevisionDiff> {
  const [before, after] = await Promise.all([sourceOf(comparing, from), sourceOf(comparing, to)]);
  const revisions = await listRevisions(comparing.pool, comparing.project.id);
  const [oldSchema, newSchema] = await Promise.all([
    comparableSchema(revisions, from),
    comparableSchema(revisions, to),
  ]);
  return {
    project: comparing.project.name,
    from: from.number,
    to: to.number,
    files: changedFiles(before, after).map((file) => ({ ...file, ...patchOf(file.path, before, after) })),
    schema: unifiedDiff(oldSchema, newSchema),
  };
}

/** As Postgres spells it: those of the first run are spelt as they were designed. */
async function comparableSchema(
  revisions: readonly RevisionRecord[],
  { number, ddl }: RevisionRecord,
): Promise<string> {
  if (ddl) return schemaSql(ddl);
  const later = revisions.findLast((revision) => revision.number > number && revision.ddl !== undefined);
  return later?.ddl ? schemaBefore(later.ddl, later.steps as readonly ChangeStep[]) : '';
}

/** The statements that would make a revision's tables; empty where it keeps no data. */
export async function revisionSchemaSql(
  pool: Pool,
  { projectId, ddl }: Pick<RevisionRecord, 'projectId'> & Partial<Pick<RevisionRecord, 'ddl'>>,
): Promise<string> {
  return schemaSql(ddl ?? (await readStatements(pool, projectId)));
}

function sourceOf({ ports, project }: Comparing, { artifact }: RevisionRecord): Promise<readonly SourceFile[]> {
  return ports.artifacts.load(project.id, archiveHash(artifact));
}

function patchOf(path: string, before: readonly SourceFile[], after: readonly SourceFile[]) {
  const textIn = (files: readonly SourceFile[]): string => files.find((file) => file.path === path)?.content ?? '';
  const patch = unifiedDiff(textIn(before), textIn(after));
  return { patch: patch.slice(0, LONGEST_PATCH).toWellFormed(), truncated: patch.length > LONGEST_PATCH };
}
