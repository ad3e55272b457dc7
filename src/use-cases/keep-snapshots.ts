import { TurboError } from '../domain/errors.ts';
import type { Snapshot } from '../domain/snapshot.ts';
import type { ProjectRecord } from '../store/projects.ts';
import { listRunsOf } from '../store/runs.ts';
import type { UseCaseParts } from './use-case-parts.ts';

export async function takeSnapshot({ ports }: UseCaseParts, project: ProjectRecord): Promise<Snapshot> {
  return view(await ports.snapshots.take(databaseOf(project), 'on demand'));
}

/** The newest first. */
export async function listSnapshots({ ports }: UseCaseParts, { id }: ProjectRecord): Promise<readonly Snapshot[]> {
  return (await ports.snapshots.list(id)).map(view);
}

export async function restoreSnapshot(
  { ports, pool }: UseCaseParts,
  project: ProjectRecord,
  snapshotId: string,
): Promise<Snapshot> {
  const busy = (await listRunsOf(pool, project.id)).some(({ endedAt }) => endedAt === undefined);
  if (busy)
    throw new TurboError('PROJECT_BUSY', `${project.name} is being changed`, { fix: 'Wait for its run to end.' });
  return view(await ports.snapshots.restore(databaseOf(project), snapshotId));
}

export async function removeSnapshot(
  { ports }: UseCaseParts,
  { id }: ProjectRecord,
  snapshotId: string,
): Promise<void> {
  await ports.snapshots.remove(id, snapshotId);
}

function databaseOf({ id: projectId, databaseName, name }: ProjectRecord) {
  if (databaseName !== undefined) return { projectId, databaseName };
  throw new TurboError('USAGE', `${name} keeps no data, so there is nothing to take a snapshot of`);
}

function view({ id, revision, reason, sizeBytes, createdAt }: Snapshot): Snapshot {
  return { id, revision, reason, sizeBytes, createdAt };
}
