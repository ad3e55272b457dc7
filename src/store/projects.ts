import { DatabaseError } from 'pg';
import { TurboError } from '../domain/errors.ts';
import type { ProjectId, RunId } from '../domain/ids.ts';
import { LOCAL_PLACEMENT, type Placement } from '../domain/placement.ts';
import type { Receipt } from '../domain/receipt.ts';
import type { Project } from '../domain/run.ts';
import type { DatabaseClient } from './database-client.ts';
import type { NewestFirstPosition } from './newest-first.ts';
import { storableJson, storableText } from './storable.ts';

/** A project as it is stored. Empty strings stand for what was not reached. */
export interface ProjectRecord extends Omit<Project, 'status'> {
  readonly status: Project['status'] | 'deleted';
  readonly ownerId: string;
  readonly prompt: string;
  readonly placement: Placement;
  readonly needsDatabase: boolean;
  readonly databaseName: string | undefined;
  readonly planner: 'builtin' | 'llm' | undefined;
  readonly url: string;
  readonly docsUrl: string;
  readonly sourceDir: string;
  readonly repository: string;
  readonly commitId: string;
  readonly artifact: string;
  readonly receipt: Receipt | undefined;
  readonly receiptPath: string;
  /** Unix seconds. */
  readonly updatedAt: number;
}

export type ProjectChanges = Partial<Omit<ProjectRecord, 'id' | 'ownerId' | 'placement' | 'createdAt' | 'updatedAt'>>;

interface ProjectRow {
  project_id: ProjectId;
  owner_id: string;
  name: string;
  status: ProjectRecord['status'];
  prompt: string;
  placement: Placement;
  needs_database: boolean;
  database_name: string | null;
  planner: 'builtin' | 'llm' | null;
  url: string;
  docs_url: string;
  source_dir: string;
  repository: string;
  commit_id: string;
  artifact: string;
  receipt: Receipt | null;
  receipt_path: string;
  created_at: string;
  updated_at: string;
}

const COLUMNS: Record<keyof ProjectChanges, string> = {
  name: 'name',
  status: 'status',
  prompt: 'prompt',
  needsDatabase: 'needs_database',
  databaseName: 'database_name',
  planner: 'planner',
  url: 'url',
  docsUrl: 'docs_url',
  sourceDir: 'source_dir',
  repository: 'repository',
  commitId: 'commit_id',
  artifact: 'artifact',
  receipt: 'receipt',
  receiptPath: 'receipt_path',
};

/** Records a project with the status `creating`. Rejects with `NAME_TAKEN` when a live project of the owner has the name. */
export async function createProject(
  db: DatabaseClient,
  project: Pick<ProjectRecord, 'id' | 'ownerId' | 'name' | 'prompt'> & { readonly placement?: Placement },
): Promise<ProjectRecord> {
  const { rows } = await db
    .query<ProjectRow>(
      `INSERT INTO tb.projects (project_id, owner_id, name, prompt, placement)
       VALUES ($1, $2, $3, $4, $5)
       RETURNING *`,
      [project.id, project.ownerId, project.name, storableText(project.prompt), project.placement ?? LOCAL_PLACEMENT],
    )
    .catch((cause: unknown) => {
      throw nameTaken(cause) ? tellNameTaken(project.name, cause) : cause;
    });
  return toProject(onlyRow(rows));
}

/** The owner's project with this id, or the live one with this name. */
export async function findProject(
  db: DatabaseClient,
  ownerId: string,
  project: string,
): Promise<ProjectRecord | undefined> {
  const { rows } = await db.query<ProjectRow>(
    `SELECT *
       FROM tb.projects
      WHERE owner_id = $1
        AND status <> 'deleted'
        AND (project_id = $2 OR (name = $2 AND status <> 'failed'))
      ORDER BY project_id = $2 DESC
      LIMIT 1`,
    [ownerId, storableText(project)],
  );
  return rows[0] && toProject(rows[0]);
}

/** The project with this id, whoever owns it and whether or not it was deleted. */
export async function findProjectById(db: DatabaseClient, projectId: ProjectId): Promise<ProjectRecord | undefined> {
  const { rows } = await db.query<ProjectRow>('SELECT * FROM tb.projects WHERE project_id = $1', [projectId]);
  return rows[0] && toProject(rows[0]);
}

/** What is known of each of the projects, whoever owns it; `busy` while a run of it goes on. */
export async function findProjectsById(
  db: DatabaseClient,
  projectIds: readonly ProjectId[],
): Promise<ReadonlyMap<ProjectId, Pick<ProjectRecord, 'name' | 'status'> & { readonly busy: boolean }>> {
  const { rows } = await db.query<Pick<ProjectRow, 'project_id' | 'name' | 'status'> & { busy: boolean }>(
    `SELECT p.project_id, p.name, p.status,
            EXISTS (SELECT FROM tb.runs r WHERE r.project_id = p.project_id AND r.status IN ('queued', 'running')) AS busy
       FROM tb.projects p
      WHERE p.project_id = ANY ($1)`,
    [projectIds],
  );
  return new Map(rows.map(({ project_id: id, name, status, busy }) => [id, { name, status, busy }]));
}

/** Where the project of a run was begun. Rejects with `RUN_NOT_FOUND`. */
export async function findRunPlacement(db: DatabaseClient, runId: RunId): Promise<Placement> {
  const { rows } = await db.query<Pick<ProjectRow, 'placement'>>(
    'SELECT p.placement FROM tb.runs r JOIN tb.projects p USING (project_id) WHERE r.run_id = $1',
    [runId],
  );
  if (rows[0]) return rows[0].placement;
  throw new TurboError('RUN_NOT_FOUND', `There is no run ${runId}`);
}

/** The names of the owner's live projects, newest first. */
export async function listProjectNames(db: DatabaseClient, ownerId: string): Promise<readonly string[]> {
  const { rows } = await db.query<Pick<ProjectRow, 'name'>>(
    `SELECT name
       FROM tb.projects
      WHERE owner_id = $1
        AND status NOT IN ('deleted', 'failed')
      ORDER BY created_at DESC, project_id`,
    [ownerId],
  );
  return rows.map(({ name }) => name);
}

/** The owner's live projects, newest first. */
export async function listProjects(db: DatabaseClient, ownerId: string): Promise<readonly ProjectRecord[]> {
  const { rows } = await db.query<ProjectRow>(
    `SELECT *
       FROM tb.projects
      WHERE owner_id = $1
        AND status NOT IN ('deleted', 'failed')
      ORDER BY created_at DESC, project_id`,
    [ownerId],
  );
  return rows.map(toProject);
}

/** The owner's live projects, newest first, at most `limit` of those behind `after`. */
export async function pageProjects(
  db: DatabaseClient,
  page: {
    readonly ownerId: string;
    /** Text in the name or the prompt, whatever its case. */
    readonly search: string | undefined;
    readonly after: NewestFirstPosition | undefined;
    readonly limit: number;
  },
): Promise<readonly ProjectRecord[]> {
  const { rows } = await db.query<ProjectRow>(
    `SELECT *
       FROM tb.projects
      WHERE owner_id = $1
        AND status NOT IN ('deleted', 'failed')
        AND ($2::text IS NULL OR position(lower($2) IN lower(name || ' ' || prompt)) > 0)
        AND ($3::bigint IS NULL OR created_at < $3 OR (created_at = $3 AND project_id > $4))
      ORDER BY created_at DESC, project_id
      LIMIT $5`,
    [
      page.ownerId,
      page.search === undefined ? undefined : storableText(page.search),
      page.after?.createdAt,
      page.after?.id,
      page.limit,
    ],
  );
  return rows.map(toProject);
}

/** Projects whose removal was begun and not ended, whoever owns them. */
export async function listHalfRemoved(db: DatabaseClient): Promise<readonly ProjectRecord[]> {
  const { rows } = await db.query<ProjectRow>(`SELECT * FROM tb.projects WHERE status = 'deleting'`);
  return rows.map(toProject);
}

/**
 * Changes what is named and leaves the rest; a key that is there with the value undefined is set to NULL.
 * Rejects with `PROJECT_NOT_FOUND` or, for a new name, `NAME_TAKEN`.
 */
export async function updateProject(
  db: DatabaseClient,
  projectId: ProjectId,
  changes: ProjectChanges,
): Promise<ProjectRecord> {
  const keys = Object.keys(changes) as (keyof ProjectChanges)[];
  const assignments = keys.map((key, index) => `${COLUMNS[key]} = $${index + 2}`);
  const values = keys.map((key) => toParameter(changes[key]));
  const { rows } = await db
    .query<ProjectRow>(
      `UPDATE tb.projects
          SET ${[...assignments, 'updated_at = tb.unix_now()'].join(', ')}
        WHERE project_id = $1
       RETURNING *`,
      [projectId, ...values],
    )
    .catch((cause: unknown) => {
      throw nameTaken(cause) ? tellNameTaken(changes.name ?? '', cause) : cause;
    });
  if (!rows[0]) throw new TurboError('PROJECT_NOT_FOUND', `There is no project ${projectId}`);
  return toProject(rows[0]);
}

/** `base`, or the first of `base-2`, `base-3` … that no live project of the owner has; at most 40 characters. */
export async function freeName(db: DatabaseClient, ownerId: string, base: string): Promise<string> {
  const { rows } = await db.query<{ name: string }>(
    `SELECT name
       FROM tb.projects
      WHERE owner_id = $1
        AND status NOT IN ('deleted', 'failed')`,
    [ownerId],
  );
  const taken = new Set(rows.map((row) => row.name));
  for (let number = 1; ; number += 1) {
    const ending = number === 1 ? '' : `-${number}`;
    const name = base.slice(0, 40 - ending.length).replace(/-+$/, '') + ending;
    if (!taken.has(name)) return name;
  }
}

function nameTaken(cause: unknown): cause is DatabaseError {
  return cause instanceof DatabaseError && cause.constraint === 'projects_one_live_name_per_owner';
}

function tellNameTaken(name: string, cause: unknown): TurboError {
  return new TurboError('NAME_TAKEN', `There is already a project named ${name}`, {
    cause,
    fix: `Choose another name, or delete that project first.`,
  });
}

function toParameter(value: ProjectChanges[keyof ProjectChanges]): unknown {
  if (typeof value === 'string') return storableText(value);
  return typeof value === 'object' ? storableJson(value) : value;
}

function onlyRow<Row>(rows: readonly Row[]): Row {
  const [row] = rows;
  if (!row) throw new Error('A statement that returns a row returned none');
  return row;
}

function toProject(row: ProjectRow): ProjectRecord {
  return {
    id: row.project_id,
    ownerId: row.owner_id,
    name: row.name,
    status: row.status,
    prompt: row.prompt,
    placement: row.placement,
    needsDatabase: row.needs_database,
    databaseName: row.database_name ?? undefined,
    planner: row.planner ?? undefined,
    url: row.url,
    docsUrl: row.docs_url,
    sourceDir: row.source_dir,
    repository: row.repository,
    commitId: row.commit_id,
    artifact: row.artifact,
    receipt: row.receipt ?? undefined,
    receiptPath: row.receipt_path,
    createdAt: Number(row.created_at), // pg hands bigint over as a string
    updatedAt: Number(row.updated_at),
  };
}

/** Puts the paths below one folder below another, for a home that was moved. */
export async function moveProjectPaths(db: DatabaseClient, from: string, to: string): Promise<void> {
  const columns = ['source_dir', 'repository', 'artifact', 'receipt_path'];
  const moved = columns.map(
    (column) => `${column} = CASE WHEN starts_with(${column}, $1) THEN $2 || substr(${column}, length($1) + 1)
                             ELSE ${column} END`,
  );
  await db.query(`UPDATE tb.projects SET ${moved.join(', ')} WHERE starts_with(source_dir, $1)`, [
    `${from}/`,
    `${to}/`,
  ]);
}
