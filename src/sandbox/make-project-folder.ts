import { chmod, lstat, mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { TurboError } from '../domain/errors.ts';
import { handOver } from '../machine/hand-over.ts';
import { everyoneMayPass } from '../machine/backend-runtime.ts';

const OWN_FOLDERS = ['.home', '.tmp', '.cache'];

/** Other users may pass through the folder of all projects, to their own; a project's folder is its user's alone. */
export async function makeProjectFolder(directory: string, uid: number | undefined): Promise<void> {
  await makeRoot(dirname(directory), uid !== undefined);
  for (const folder of [directory, ...OWN_FOLDERS.map((name) => join(directory, name))]) {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    if (uid !== undefined) await giveFolder(folder, uid);
  }
}

/** `forOthers`: whether users other than us have to be able to pass. */
export async function makeRoot(root: string, forOthers: boolean): Promise<void> {
  await mkdir(root, { recursive: true });
  if (forOthers) await openWay(root);
}

/** Whatever the project has put in the folder's place by now stays as it is. */
async function giveFolder(folder: string, uid: number): Promise<void> {
  const stats = await lstat(folder);
  if (stats.isDirectory() && stats.uid !== uid) await handOver(folder, uid);
}

async function openWay(root: string): Promise<void> {
  await chmod(root, 0o711);
  if (await everyoneMayPass(root)) return;
  throw new TurboError('SANDBOX_UNAVAILABLE', `Other users of this machine cannot pass through to ${root}`, {
    phase: 'sandbox',
    fix: 'Set TURBOBACKEND_HOME to a folder that lies below none that only root may enter, such as /var/lib/turbobackend.',
  });
}
