import type { Revision, RevisionDetails, RevisionDiff } from '../domain/change-plan.ts';
import { TurboError } from '../domain/errors.ts';
import { compareRevisions, revisionSchemaSql } from '../pipeline/changes/compare-revisions.ts';
import { listRevisions, type RevisionRecord } from '../store/project-revisions.ts';
import type { ProjectRecord } from '../store/projects.ts';
import type { Page, PageRequest } from '../turbobackend.ts';
import { readCursor, writeCursor } from './cursor.ts';
import type { UseCaseParts } from './use-case-parts.ts';

/** The newest first. */
export async function viewRevisions({ pool }: UseCaseParts, project: ProjectRecord): Promise<readonly Revision[]> {
  const revisions = await listRevisions(pool, project.id);
  return revisions.map((revision, index) => {
    const { number, kind, prompt, commit, createdAt } = revision;
    const migrations = addedMigrations(revision, revisions[index + 1]).map(({ name }) => name);
    return { number, kind, prompt, commit, createdAt, migrations };
  });
}

export async function listRevisionPage(
  parts: UseCaseParts,
  project: ProjectRecord,
  { limit, cursor }: PageRequest,
): Promise<Page<Revision>> {
  const [before] = cursor === undefined ? [Infinity] : readCursor(cursor, 1);
  const rest = (await viewRevisions(parts, project)).filter(({ number }) => number < Number(before));
  const data = rest.slice(0, limit);
  const last = rest.length > limit ? data.at(-1) : undefined;
  return { data, nextCursor: last && writeCursor([last.number]) };
}

/** Rejects with `NOT_FOUND`. */
export async function viewRevision(
  { pool }: UseCaseParts,
  project: ProjectRecord,
  number: number,
): Promise<RevisionDetails> {
  const revisions = await listRevisions(pool, project.id);
  const revision = requireRevision(project, revisions, number);
  const { kind, prompt, commit, createdAt, runId, sourceHash, receipt } = revision;
  const earlier = revisions.find((other) => other.number === number - 1);
  return {
    number,
    kind,
    prompt,
    commit,
    createdAt,
    runId,
    sourceHash,
    receipt,
    migrations: addedMigrations(revision, earlier),
    schemaSql: await revisionSchemaSql(pool, revision),
  };
}

/** From the revision before the newest to the newest where no numbers are given. Rejects with `NOT_FOUND`. */
export async function diffRevisions(
  parts: UseCaseParts,
  project: ProjectRecord,
  { from, to }: { readonly from?: number | undefined; readonly to?: number | undefined },
): Promise<RevisionDiff> {
  const revisions = await listRevisions(parts.pool, project.id);
  const newest = requireRevision(project, revisions, to ?? revisions[0]?.number ?? 1);
  const before = requireRevision(project, revisions, from ?? Math.max(1, newest.number - 1));
  const comparing = { pool: parts.pool, ports: await parts.portsAt(project.placement), project };
  return compareRevisions(comparing, before, newest);
}

function requireRevision(
  { name }: ProjectRecord,
  revisions: readonly RevisionRecord[],
  number: number,
): RevisionRecord {
  const found = revisions.find((revision) => revision.number === number);
  if (found) return found;
  const newest = revisions[0]?.number ?? 0;
  throw new TurboError(
    'NOT_FOUND',
    `${name} has no revision ${number}${newest > 0 ? `; the newest is ${newest}` : ''}`,
    {
      fix: '`turbobackend history <project>` lists them.',
    },
  );
}

/**
 * The files of db/migrations that a revision has and the one before it had not. A first revision is recorded without
 * its files: it has the first of them.
 */
function addedMigrations(
  { migrations }: RevisionRecord,
  before: RevisionRecord | undefined,
): RevisionRecord['migrations'] {
  const isFirst = before?.migrations.length === 0;
  const known = new Set((isFirst ? migrations.slice(0, 1) : before?.migrations)?.map(({ name }) => name));
  return migrations.filter(({ name }) => !known.has(name));
}
