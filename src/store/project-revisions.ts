import type { Revision } from '../domain/change-plan.ts';
import type { ProjectId, RunId } from '../domain/ids.ts';
import type { Receipt } from '../domain/receipt.ts';
import type { DdlStatement } from '../domain/schema-design.ts';
import type { DatabaseClient } from './database-client.ts';
import { storableJson, storableText } from './storable.ts';

/** A file of the project's db/migrations. */
interface MigrationRecord {
  readonly name: string;
  readonly sql: string;
}

/** A revision as it is stored. */
export interface RevisionRecord extends Omit<Revision, 'migrations'> {
  readonly projectId: ProjectId;
  readonly runId: RunId;
  readonly artifact: string;
  readonly sourceHash: string;
  /** Plain data of whoever made them; what they are is for the changes to know. */
  readonly steps: readonly unknown[];
  /** All files that there were by then. */
  readonly migrations: readonly MigrationRecord[];
  readonly ddl: readonly DdlStatement[] | undefined;
  readonly receipt: Receipt | undefined;
  /** Unix seconds; when what it took out of reach was removed for good. */
  readonly keptRemovedAt: number | undefined;
}

/** A revision that is about to be recorded. */
export type NewRevision = Omit<RevisionRecord, 'createdAt' | 'keptRemovedAt'>;

interface RevisionRow {
  project_id: ProjectId;
  run_id: RunId;
  number: number;
  kind: Revision['kind'];
  prompt: string;
  commit_id: string;
  artifact: string;
  source_hash: string;
  steps: readonly unknown[];
  migrations: readonly MigrationRecord[];
  ddl: readonly DdlStatement[] | null;
  receipt: Receipt | null;
  created_at: string;
  kept_removed_at: string | null;
}

/** Records what a run left; repeating it changes nothing. */
export async function insertRevision(db: DatabaseClient, revision: NewRevision): Promise<void> {
  await db.query(
    `INSERT INTO tb.project_revisions (project_id, run_id, number, kind, prompt, commit_id, artifact, source_hash,
                                       steps, migrations, ddl, receipt)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
         ON CONFLICT (run_id) DO NOTHING`,
    [
      revision.projectId,
      revision.runId,
      revision.number,
      revision.kind,
      storableText(revision.prompt),
      revision.commit,
      revision.artifact,
      revision.sourceHash,
      storableJson(revision.steps),
      storableJson(revision.migrations),
      revision.ddl && storableJson(revision.ddl),
      revision.receipt && storableJson(revision.receipt),
    ],
  );
}

/** A project's revisions, the newest first. */
export async function listRevisions(db: DatabaseClient, projectId: ProjectId): Promise<readonly RevisionRecord[]> {
  const { rows } = await db.query<RevisionRow>(
    `SELECT *
       FROM tb.project_revisions
      WHERE project_id = $1
      ORDER BY number DESC`,
    [projectId],
  );
  return rows.map(toRevision);
}

/** The newest, or the one with the number. */
export async function findRevision(
  db: DatabaseClient,
  projectId: ProjectId,
  number?: number,
): Promise<RevisionRecord | undefined> {
  const { rows } = await db.query<RevisionRow>(
    `SELECT *
       FROM tb.project_revisions
      WHERE project_id = $1
        AND ($2::integer IS NULL OR number = $2)
      ORDER BY number DESC
      LIMIT 1`,
    [projectId, number],
  );
  return rows[0] && toRevision(rows[0]);
}

/** The number of the revision that a run made. */
export async function findRevisionOfRun(db: DatabaseClient, runId: RunId): Promise<number | undefined> {
  const { rows } = await db.query<{ number: number }>('SELECT number FROM tb.project_revisions WHERE run_id = $1', [
    runId,
  ]);
  return rows[0]?.number;
}

/** A revision that keeps values of its project's database. */
export interface KeepingRevision {
  readonly projectId: ProjectId;
  readonly number: number;
  readonly databaseName: string;
}

/** Those that are older than so many days and still keep what they took out of reach. */
export async function listKeepingRevisions(
  db: DatabaseClient,
  olderThanDays: number,
): Promise<readonly KeepingRevision[]> {
  const { rows } = await db.query<{ project_id: ProjectId; number: number; database_name: string }>(
    `SELECT r.project_id, r.number, p.database_name
       FROM tb.project_revisions r
       JOIN tb.projects p USING (project_id)
      WHERE r.created_at < tb.unix_now() - $1::bigint * 86400
        AND r.kept_removed_at IS NULL
        AND r.steps::text LIKE '%"tb\\_kept\\_%'
        AND p.status = 'ready'
        AND p.database_name IS NOT NULL`,
    [olderThanDays],
  );
  return rows.map((row) => ({ projectId: row.project_id, number: row.number, databaseName: row.database_name }));
}

export async function recordKeptRemoved(
  db: DatabaseClient,
  { projectId, number }: Pick<KeepingRevision, 'projectId' | 'number'>,
): Promise<void> {
  await db.query(
    `UPDATE tb.project_revisions
        SET kept_removed_at = tb.unix_now()
      WHERE project_id = $1
        AND number = $2`,
    [projectId, number],
  );
}

function toRevision(row: RevisionRow): RevisionRecord {
  return {
    projectId: row.project_id,
    runId: row.run_id,
    number: row.number,
    kind: row.kind,
    prompt: row.prompt,
    commit: row.commit_id,
    artifact: row.artifact,
    sourceHash: row.source_hash,
    steps: row.steps,
    migrations: row.migrations,
    ddl: row.ddl ?? undefined,
    receipt: row.receipt ?? undefined,
    createdAt: Number(row.created_at),
    keptRemovedAt: row.kept_removed_at === null ? undefined : Number(row.kept_removed_at),
  };
}
