import type { ProjectId } from '../domain/ids.ts';
import type { Snapshot } from '../domain/snapshot.ts';
import type { DatabaseClient } from './database-client.ts';
import { storableText } from './storable.ts';

/** A snapshot as it is stored. */
export interface SnapshotRecord extends Snapshot {
  readonly projectId: ProjectId;
  readonly databaseName: string;
}

interface SnapshotRow {
  snapshot_id: string;
  project_id: ProjectId;
  database_name: string;
  revision: number;
  reason: string;
  size_bytes: string;
  created_at: string;
}

/** Repeating it changes nothing. */
export async function insertSnapshot(db: DatabaseClient, snapshot: Omit<SnapshotRecord, 'createdAt'>): Promise<void> {
  await db.query(
    `INSERT INTO tb.project_snapshots (snapshot_id, project_id, database_name, revision, reason, size_bytes)
     VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (snapshot_id) DO NOTHING`,
    [
      snapshot.id,
      snapshot.projectId,
      snapshot.databaseName,
      snapshot.revision,
      storableText(snapshot.reason),
      snapshot.sizeBytes,
    ],
  );
}

/** The newest first. */
export async function listSnapshots(db: DatabaseClient, projectId: ProjectId): Promise<readonly SnapshotRecord[]> {
  const { rows } = await db.query<SnapshotRow>(
    `SELECT *
       FROM tb.project_snapshots
      WHERE project_id = $1
      ORDER BY position DESC`,
    [projectId],
  );
  return rows.map((row) => ({
    id: row.snapshot_id,
    projectId: row.project_id,
    databaseName: row.database_name,
    revision: row.revision,
    reason: row.reason,
    sizeBytes: Number(row.size_bytes),
    createdAt: Number(row.created_at),
  }));
}
