import type { DatabaseSchema } from '../domain/database-schema.ts';
import type { ProjectId, RunId } from '../domain/ids.ts';
import type { DatabaseClient } from './database-client.ts';
import { storableJson } from './storable.ts';

/** What a run's backend looked like when it was verified. */
export interface ApiBlueprint {
  readonly runId: RunId;
  readonly projectId: ProjectId;
  /** Read back from the catalog; undefined without a database. */
  readonly schema: DatabaseSchema | undefined;
  /** The OpenAPI document. */
  readonly openapi: unknown;
}

/** One per run; the last one stays. */
export async function recordBlueprint(db: DatabaseClient, blueprint: ApiBlueprint): Promise<void> {
  await db.query(
    `INSERT INTO tb.api_blueprints (run_id, project_id, schema, openapi)
     VALUES ($1, $2, $3, $4)
     ON CONFLICT (run_id) DO UPDATE
        SET schema = excluded.schema, openapi = excluded.openapi`,
    [blueprint.runId, blueprint.projectId, storableJson(blueprint.schema), storableJson(blueprint.openapi)],
  );
}

/** The blueprint of the project's newest run that has one. */
export async function findBlueprint(db: DatabaseClient, projectId: ProjectId): Promise<ApiBlueprint | undefined> {
  const { rows } = await db.query<{ run_id: RunId; schema: DatabaseSchema | null; openapi: unknown }>(
    `SELECT run_id, schema, openapi
       FROM tb.api_blueprints
      WHERE project_id = $1
      ORDER BY created_at DESC
      LIMIT 1`,
    [projectId],
  );
  const [row] = rows;
  return row && { runId: row.run_id, projectId, schema: row.schema ?? undefined, openapi: row.openapi };
}
