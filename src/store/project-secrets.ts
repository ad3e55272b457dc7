import type { ProjectId } from '../domain/ids.ts';
import type { Secret } from '../domain/secret.ts';
import type { DatabaseClient } from './database-client.ts';

/** Turns secrets into text that the control database may hold, and back. */
interface SecretCipher {
  seal(secret: Secret): string;
  open(sealed: string): Secret;
}

/** The secrets that owners give to their projects' backends. */
export interface ProjectSecrets {
  /** By name. */
  load(projectId: ProjectId): Promise<Record<string, Secret>>;
  /** When each was set, in unix seconds, by name. */
  list(projectId: ProjectId): Promise<ReadonlyMap<string, number>>;
  save(projectId: ProjectId, name: string, secret: Secret): Promise<void>;
  /** Resolves when there is none of that name, or none at all, whatever there was. */
  forget(projectId: ProjectId, name?: string): Promise<void>;
}

export function projectSecrets(db: DatabaseClient, cipher: SecretCipher): ProjectSecrets {
  return {
    async load(projectId) {
      const { rows } = await db.query<{ name: string; sealed: string }>(
        `SELECT name, sealed
           FROM tb.project_secrets
          WHERE project_id = $1
          ORDER BY name`,
        [projectId],
      );
      return Object.fromEntries(rows.map(({ name, sealed }) => [name, cipher.open(sealed)]));
    },
    async list(projectId) {
      const { rows } = await db.query<{ name: string; set_at: string }>(
        `SELECT name, set_at
           FROM tb.project_secrets
          WHERE project_id = $1
          ORDER BY name`,
        [projectId],
      );
      return new Map(rows.map((row) => [row.name, Number(row.set_at)]));
    },
    async save(projectId, name, secret) {
      await db.query(
        `INSERT INTO tb.project_secrets (project_id, name, sealed)
         VALUES ($1, $2, $3)
             ON CONFLICT (project_id, name) DO UPDATE
            SET sealed = excluded.sealed, set_at = excluded.set_at`,
        [projectId, name, cipher.seal(secret)],
      );
    },
    async forget(projectId, name) {
      await db.query('DELETE FROM tb.project_secrets WHERE project_id = $1 AND ($2::text IS NULL OR name = $2)', [
        projectId,
        name ?? null,
      ]);
    },
  };
}
