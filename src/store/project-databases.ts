import type { ClientBase } from 'pg';
import type { ProjectId, RunId } from '../domain/ids.ts';
import type { DatabaseClient } from './database-client.ts';

/** `ready` waits in the pool; `claimed` belongs to a run and is empty; `provisioning` may hold tables; `active` does. */
export type DatabaseState = 'creating' | 'ready' | 'claimed' | 'provisioning' | 'active' | 'dropping';

/** A database that was made for a project, or is about to be. */
export interface ProjectDatabase {
  readonly name: string;
  readonly installationId: string;
  readonly purpose: 'project' | 'clone';
  readonly state: DatabaseState;
  readonly projectId: ProjectId | undefined;
  readonly runId: RunId | undefined;
  readonly passwords: SealedPasswords;
}

/** The passwords of a database's three roles, as the installation's cipher sealed them. */
export interface SealedPasswords {
  readonly owner: string;
  readonly app: string;
  readonly reader: string;
}

/** What Postgres keeps of those passwords (RFC 5803). */
export interface RoleVerifiers {
  readonly owner: string;
  readonly app: string;
  readonly reader: string;
}

interface ProjectDatabaseRow {
  database_name: string;
  installation_id: string;
  purpose: ProjectDatabase['purpose'];
  state: DatabaseState;
  project_id: ProjectId | null;
  run_id: RunId | null;
  owner_password: string;
  app_password: string;
  reader_password: string;
}

const COLUMNS = `database_name, installation_id, purpose, state, project_id, run_id, owner_password, app_password,
                 reader_password`;

/** Records a database that is about to be created. */
export async function insertDatabase(
  db: DatabaseClient,
  name: string,
  installationId: string,
  passwords: SealedPasswords,
  verifiers: RoleVerifiers,
): Promise<void> {
  await db.query(
    `INSERT INTO tb.project_databases (database_name, installation_id, owner_password, app_password, reader_password,
                                       role_verifiers)
     VALUES ($1, $2, $3, $4, $5, $6)`,
    [name, installationId, passwords.owner, passwords.app, passwords.reader, verifiers],
  );
}

/** What each role of a database is to have as its password. */
export interface RoleSecrets {
  readonly name: string;
  readonly passwords: SealedPasswords;
  /** Undefined until the first look at a database of an earlier version. */
  readonly verifiers: RoleVerifiers | undefined;
}

/** Of the installation's databases whose roles are all there. */
export async function listRoleSecrets(
  db: DatabaseClient | ClientBase,
  installationId: string,
): Promise<readonly RoleSecrets[]> {
  const { rows } = await db.query<ProjectDatabaseRow & { role_verifiers: RoleVerifiers | null }>(
    `SELECT ${COLUMNS}, role_verifiers
       FROM tb.project_databases
      WHERE installation_id = $1
        AND purpose = 'project'
        AND state NOT IN ('creating', 'dropping')`,
    [installationId],
  );
  return rows.map((row) => {
    const { name, passwords } = toProjectDatabase(row);
    return { name, passwords, verifiers: row.role_verifiers ?? undefined };
  });
}

export async function recordVerifiers(
  db: DatabaseClient | ClientBase,
  name: string,
  verifiers: RoleVerifiers,
): Promise<void> {
  await db.query('UPDATE tb.project_databases SET role_verifiers = $2 WHERE database_name = $1', [name, verifiers]);
}

/** Records a copy that is about to be created; false when there is no such original to copy. */
export async function insertClone(db: DatabaseClient, name: string, original: string, runId: RunId): Promise<boolean> {
  const { rowCount } = await db.query(
    `INSERT INTO tb.project_databases (database_name, installation_id, purpose, cloned_from, project_id, run_id,
                                       owner_password, app_password, reader_password)
     SELECT $1, installation_id, 'clone', coalesce(cloned_from, database_name), project_id, $3,
            owner_password, app_password, reader_password
       FROM tb.project_databases
      WHERE database_name = $2
        AND state = 'active'`,
    [name, original, runId],
  );
  return rowCount === 1;
}

export async function findDatabase(db: DatabaseClient, name: string): Promise<ProjectDatabase | undefined> {
  const { rows } = await db.query<ProjectDatabaseRow>(
    `SELECT ${COLUMNS} FROM tb.project_databases WHERE database_name = $1`,
    [name],
  );
  return rows[0] && toProjectDatabase(rows[0]);
}

/** The name of the database that the run has claimed. */
export async function findDatabaseOf(db: DatabaseClient, runId: RunId): Promise<string | undefined> {
  const { rows } = await db.query<{ database_name: string }>(
    `SELECT database_name
       FROM tb.project_databases
      WHERE run_id = $1
        AND purpose = 'project'
        AND state <> 'dropping'`,
    [runId],
  );
  return rows[0]?.database_name;
}

/** Takes the oldest ready database for the run and resolves to its name; undefined when none waits. No two runs get the same. */
export async function claimReadyDatabase(
  db: DatabaseClient,
  installationId: string,
  runId: RunId,
  projectId: ProjectId,
): Promise<string | undefined> {
  const { rows } = await db.query<{ database_name: string }>(
    `UPDATE tb.project_databases
        SET state = 'claimed', run_id = $2, project_id = $3, updated_at = tb.unix_now()
      WHERE database_name = (SELECT database_name
                               FROM tb.project_databases
                              WHERE installation_id = $1
                                AND state = 'ready'
                              ORDER BY created_at, database_name
                              LIMIT 1
                                FOR UPDATE SKIP LOCKED)
     RETURNING database_name`,
    [installationId, runId, projectId],
  );
  return rows[0]?.database_name;
}

/** Gives a database that was just created to the run that waits for it. */
export async function claimNewDatabase(
  db: DatabaseClient,
  name: string,
  runId: RunId,
  projectId: ProjectId,
): Promise<void> {
  await db.query(
    `UPDATE tb.project_databases
        SET state = 'claimed', run_id = $2, project_id = $3, updated_at = tb.unix_now()
      WHERE database_name = $1`,
    [name, runId, projectId],
  );
}

/** Puts the database that the run claimed and left empty back into the pool; resolves to its name. */
export async function releaseDatabase(db: DatabaseClient, runId: RunId): Promise<string | undefined> {
  const { rows } = await db.query<{ database_name: string }>(
    `UPDATE tb.project_databases
        SET state = 'ready', run_id = NULL, project_id = NULL, updated_at = tb.unix_now()
      WHERE run_id = $1
        AND purpose = 'project'
        AND state = 'claimed'
     RETURNING database_name`,
    [runId],
  );
  return rows[0]?.database_name;
}

export async function setDatabaseState(db: DatabaseClient, name: string, state: DatabaseState): Promise<void> {
  await db.query(
    `UPDATE tb.project_databases
        SET state = $2, updated_at = tb.unix_now()
      WHERE database_name = $1`,
    [name, state],
  );
}

/** Marks the database and its copies as on their way out. Resolves to the copies' names. */
export async function markDropping(db: DatabaseClient, name: string): Promise<readonly string[]> {
  const { rows } = await db.query<{ database_name: string }>(
    `UPDATE tb.project_databases
        SET state = 'dropping', run_id = NULL, project_id = NULL, updated_at = tb.unix_now()
      WHERE database_name = $1
         OR cloned_from = $1
     RETURNING database_name`,
    [name],
  );
  return rows.map((row) => row.database_name).filter((found) => found !== name);
}

/** Forgets a database that is gone. */
export async function deleteDatabase(db: DatabaseClient, name: string): Promise<void> {
  await db.query('DELETE FROM tb.project_databases WHERE database_name = $1', [name]);
}

/** The names of the databases that wait in the pool, the oldest first. */
export async function listReadyDatabases(db: DatabaseClient, installationId: string): Promise<readonly string[]> {
  const { rows } = await db.query<{ database_name: string }>(
    `SELECT database_name
       FROM tb.project_databases
      WHERE installation_id = $1
        AND state = 'ready'
      ORDER BY created_at, database_name`,
    [installationId],
  );
  return rows.map((row) => row.database_name);
}

/** Takes ready databases out of the pool, the newest first, until `keep` are left. */
export async function takeSurplusDatabases(db: DatabaseClient, installationId: string, keep: number): Promise<void> {
  await db.query(
    `UPDATE tb.project_databases
        SET state = 'dropping', updated_at = tb.unix_now()
      WHERE database_name IN (SELECT database_name
                                FROM tb.project_databases
                               WHERE installation_id = $1
                                 AND state = 'ready'
                               ORDER BY created_at, database_name
                              OFFSET $2
                                 FOR UPDATE SKIP LOCKED)`,
    [installationId, keep],
  );
}

/** The names of all the installation's databases, whatever their state. */
export async function listDatabases(db: DatabaseClient, installationId: string): Promise<readonly string[]> {
  const { rows } = await db.query<{ database_name: string }>(
    `SELECT database_name
       FROM tb.project_databases
      WHERE installation_id = $1
      ORDER BY database_name`,
    [installationId],
  );
  return rows.map((row) => row.database_name);
}

/**
 * Databases that no live run and no project has a claim on, copies first. Among them are those that are being created
 * or dropped at this moment: whoever does that holds the database's lock.
 */
export async function listAbandonedDatabases(db: DatabaseClient, installationId: string): Promise<readonly string[]> {
  const { rows } = await db.query<{ database_name: string }>(
    `SELECT d.database_name
       FROM tb.project_databases d
       LEFT JOIN tb.runs r USING (run_id)
       LEFT JOIN tb.projects p ON p.project_id = d.project_id AND p.status <> 'deleted'
      WHERE d.installation_id = $1
        AND CASE
              WHEN d.state IN ('creating', 'dropping') THEN true
              WHEN d.state = 'ready' THEN false
              -- A plan is rehearsed on a copy before there is a run.
              WHEN starts_with(d.run_id, 'plan_') AND d.created_at > tb.unix_now() - 1800 THEN false
              WHEN starts_with(d.run_id, 'snapshot_')
                THEN p.project_id IS NULL
                  OR d.created_at < tb.unix_now() - 1800
                     AND NOT EXISTS (SELECT FROM tb.project_snapshots s WHERE s.database_name = d.database_name)
              WHEN d.purpose = 'clone' OR d.state IN ('claimed', 'provisioning')
                THEN r.status IS NULL OR r.status NOT IN ('queued', 'running')
              -- The run that made it has undone everything else.
              ELSE p.project_id IS NULL OR r.status IN ('failed', 'cancelled')
            END
      ORDER BY d.purpose, d.database_name`,
    [installationId],
  );
  return rows.map((row) => row.database_name);
}

function toProjectDatabase(row: ProjectDatabaseRow): ProjectDatabase {
  return {
    name: row.database_name,
    installationId: row.installation_id,
    purpose: row.purpose,
    state: row.state,
    projectId: row.project_id ?? undefined,
    runId: row.run_id ?? undefined,
    passwords: { owner: row.owner_password, app: row.app_password, reader: row.reader_password },
  };
}

/** How many installations besides this one have databases on record: each with a key of its own. */
export async function countOtherInstallations(db: DatabaseClient, installationId: string): Promise<number> {
  const { rows } = await db.query<{ count: number }>(
    `SELECT count(DISTINCT installation_id)::int AS count
       FROM tb.project_databases
      WHERE installation_id <> $1`,
    [installationId],
  );
  return rows[0]?.count ?? 0;
}
