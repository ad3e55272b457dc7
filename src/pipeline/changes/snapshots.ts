import type { Pool } from 'pg';
import type { DatabaseCluster } from '../../database/database-cluster.ts';
import { TurboError } from '../../domain/errors.ts';
import { randomText, type ProjectId, type RunId } from '../../domain/ids.ts';
import type { Snapshot } from '../../domain/snapshot.ts';
import { compareSchemas } from '../../schema/schema.ts';
import { insertSnapshot, listSnapshots, type SnapshotRecord } from '../../store/project-snapshots.ts';
import { findRevision } from '../../store/project-revisions.ts';

/** How much is kept for one project. The last three stay, whatever the limits. */
export interface SnapshotLimits {
  readonly count: number;
  readonly totalBytes: number;
}

/** Whom nothing and nobody removes but a removal of the whole project. */
const LAST = 3;

interface OfProject {
  readonly projectId: ProjectId;
  readonly databaseName: string;
}

/** Copies of projects' databases that are kept: they are taken before a change that loses data, and on demand. */
export class Snapshots {
  readonly #pool: Pool;
  readonly #cluster: DatabaseCluster;
  readonly #limits: SnapshotLimits;

  constructor(pool: Pool, cluster: DatabaseCluster, limits: SnapshotLimits) {
    this.#pool = pool;
    this.#cluster = cluster;
    this.#limits = limits;
  }

  /** Taken once for each `mark`. Older ones beyond the limits are removed. */
  async take({ projectId, databaseName }: OfProject, reason: string, mark = randomText(12)): Promise<Snapshot> {
    const id = `snapshot_${mark}`;
    const known = (await listSnapshots(this.#pool, projectId)).find((snapshot) => snapshot.id === id);
    if (known) return known;
    const sizeBytes = await this.#cluster.sizeOf(databaseName);
    if (sizeBytes > this.#limits.totalBytes) throw tooLarge(sizeBytes, this.#limits);
    await this.#keep({ id, projectId, reason, sizeBytes }, databaseName);
    await this.#removeOld(projectId);
    const taken = (await listSnapshots(this.#pool, projectId)).find((snapshot) => snapshot.id === id);
    if (!taken) throw new Error(`${id} was not recorded`);
    return taken;
  }

  /** The newest first. */
  list(projectId: ProjectId): Promise<readonly SnapshotRecord[]> {
    return listSnapshots(this.#pool, projectId);
  }

  /**
   * Puts the rows of a snapshot in the place of those of now, which become a snapshot themselves. Rejects with
   * `CHANGE_REFUSED` when its schema is not the one of now.
   */
  async restore({ projectId, databaseName }: OfProject, id: string): Promise<Snapshot> {
    const snapshot = await this.#find(projectId, id);
    const [now, then] = [await this.#cluster.open(databaseName), await this.#cluster.open(snapshot.databaseName)];
    const differences = compareSchemas(then.schema, now.schema);
    if (differences.length > 0) throw otherSchema(snapshot, differences);
    const reason = `before restoring ${id}`;
    const { sizeBytes } = snapshot;
    const copy = await this.#keep(
      { id: `snapshot_${randomText(12)}`, projectId, reason, sizeBytes },
      snapshot.databaseName,
    );
    await this.#cluster.exchange(databaseName, copy);
    return snapshot;
  }

  async remove(projectId: ProjectId, id: string): Promise<void> {
    const { databaseName } = await this.#find(projectId, id);
    const last = (await listSnapshots(this.#pool, projectId)).slice(0, LAST);
    if (last.some((snapshot) => snapshot.id === id)) {
      throw new TurboError('USAGE', `The last ${LAST} snapshots of a project are kept, and ${id} is one of them`, {
        fix: 'It goes by itself when newer ones have taken its place.',
      });
    }
    await this.#cluster.drop(databaseName);
  }

  /** Resolves to the name of the copy. */
  async #keep(
    { id, projectId, reason, sizeBytes }: Omit<SnapshotRecord, 'databaseName' | 'revision' | 'createdAt'>,
    original: string,
  ): Promise<string> {
    const revision = (await findRevision(this.#pool, projectId))?.number ?? 0;
    const { name: databaseName } = await this.#cluster.clone(original, id as RunId);
    await insertSnapshot(this.#pool, { id, projectId, databaseName, revision, reason, sizeBytes });
    return databaseName;
  }

  async #removeOld(projectId: ProjectId): Promise<void> {
    let total = 0;
    for (const [index, { databaseName, sizeBytes }] of (await listSnapshots(this.#pool, projectId)).entries()) {
      total += sizeBytes;
      const fits = index < this.#limits.count && total <= this.#limits.totalBytes;
      if (index >= LAST && !fits) await this.#cluster.drop(databaseName);
    }
  }

  async #find(projectId: ProjectId, id: string): Promise<SnapshotRecord> {
    const found = (await listSnapshots(this.#pool, projectId)).find((snapshot) => snapshot.id === id);
    if (found) return found;
    throw new TurboError('NOT_FOUND', `There is no snapshot ${id} of this project`, {
      fix: '`turbobackend snapshot list <project>` lists them.',
    });
  }
}

function tooLarge(sizeBytes: number, { totalBytes }: SnapshotLimits): TurboError {
  return new TurboError(
    'CHANGE_REFUSED',
    `The database has ${inMb(sizeBytes)} MB, and snapshots may have ${inMb(totalBytes)} MB together`,
    { fix: 'Allow more with TURBOBACKEND_SNAPSHOTS_MB.' },
  );
}

function inMb(bytes: number): number {
  return Math.ceil(bytes / 1_000_000);
}

function otherSchema({ id, revision }: SnapshotRecord, differences: readonly string[]): TurboError {
  return new TurboError(
    'CHANGE_REFUSED',
    `${id} is of revision ${revision}, whose schema is another: ${differences.slice(0, 3).join('; ')}`,
    { fix: `Go back to that revision first: turbobackend undo <project> --to ${revision}` },
  );
}
