import { whyUnwritable, writeTree } from '../../coder/coder.ts';
import type { SourceEdits } from '../../domain/change-plan.ts';
import { TurboError } from '../../domain/errors.ts';
import type { SourceFile } from '../../domain/source-file.ts';
import type { RevisionRecord } from '../../store/project-revisions.ts';
import type { ProjectPorts } from '../run-context.ts';
import { archiveHash } from './project-state.ts';

type Ports = Pick<ProjectPorts, 'sandboxes' | 'artifacts'>;

/**
 * Writes into the project's folder, which is what `deploy` takes; `revisions` are its own, the newest first. Rejects with
 * `SANDBOX_PATH_REFUSED`, nothing written, for what a model may not change.
 */
export async function writeSource(
  ports: Ports,
  revisions: readonly [RevisionRecord, ...RevisionRecord[]],
  { files, remove }: SourceEdits,
): Promise<void> {
  await refusePaths(ports, revisions, { files, remove });
  const [newest] = revisions;
  const sandbox = await ports.sandboxes.open(newest.projectId);
  if ((await sandbox.listFiles()).length === 0) {
    // On another machine than the one that made the project there is nothing yet to write into.
    const published = await sourceOf(ports, newest);
    await writeTree(sandbox, new Map(published.map(({ path, content }) => [path, content])));
  }
  await sandbox.writeFiles(files);
  for (const path of remove) await sandbox.deleteFile(path);
}

async function refusePaths(
  ports: Ports,
  revisions: readonly [RevisionRecord, ...RevisionRecord[]],
  { files, remove }: SourceEdits,
): Promise<void> {
  const refused = [...files.map(({ path }) => path), ...remove].flatMap((path) => {
    const reason = whyUnwritable(path);
    return reason === undefined ? [] : [`${path}: ${reason}`];
  });
  for (const path of remove.filter((name) => name.startsWith('test/'))) {
    const first = await sourceOf(ports, revisions.at(-1) ?? revisions[0]);
    if (first.some((file) => file.path === path)) refused.push(`${path}: the tests that came with the backend stay`);
  }
  if (refused.length === 0) return;
  throw new TurboError('SANDBOX_PATH_REFUSED', refused.slice(0, 10).join('; '), {
    fix: 'Leave these out; nothing was written.',
  });
}

function sourceOf({ artifacts }: Ports, { projectId, artifact }: RevisionRecord): Promise<readonly SourceFile[]> {
  return artifacts.load(projectId, archiveHash(artifact));
}
