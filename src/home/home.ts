import { chmod, mkdir, readFile, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { TurboError } from '../domain/errors.ts';
import { randomText } from '../domain/ids.ts';
import { createOnce } from './create-once.ts';
import { makeCipher, newKey, type Cipher } from './cipher.ts';

/** Where an installation keeps its state, and what it is known by. */
export interface Home {
  /** Absolute; other users of the machine can pass through it, as Postgres and the projects' own users must. */
  readonly folder: string;
  /** 8 characters of [0-9a-z], in every name that this installation gives to something outside of its folder. */
  readonly installationId: string;
  /** Seals what is stored in the control database with a key that never leaves the folder. */
  readonly cipher: Cipher;
}

/**
 * Opens the state folder, making it on first use; any number of processes may do so at once.
 * When we are root and `requested` lies below a folder that other users cannot pass (root's own home), the state goes
 * to a folder of its own under /var/lib/turbobackend, named in `requested`/location.
 * Rejects with `CONFIG_INVALID` when the folder cannot be made or written.
 */
export async function openHome(requested: string): Promise<Home> {
  const asked = resolve(requested);
  try {
    await makeFolder(asked);
    const folder = await reachableFolder(asked);
    const installation = await readInstallation(folder);
    return { folder, installationId: installation.id, cipher: makeCipher(Buffer.from(installation.key, 'base64')) };
  } catch (cause) {
    if (cause instanceof TurboError) throw cause;
    throw new TurboError(
      'CONFIG_INVALID',
      `TURBOBACKEND_HOME: cannot keep state in ${asked}: ${(cause as Error).message}`,
      {
        cause,
        fix: 'Set TURBOBACKEND_HOME to a folder that you may write to.',
      },
    );
  }
}

async function makeFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  // Whatever the umask made of it: our own users have to pass, nobody has to list.
  const { uid, mode } = await stat(folder);
  if (uid === process.getuid?.() && (mode & 0o777) !== 0o711) await chmod(folder, 0o711);
}

async function reachableFolder(asked: string): Promise<string> {
  if (process.getuid?.() !== 0 || (await everyoneMayPass(asked))) return asked;
  const location = join(asked, 'location');
  await createOnce(location, `/var/lib/turbobackend/${randomText(12)}\n`);
  const folder = (await readFile(location, 'utf8')).trim();
  await makeFolder('/var/lib/turbobackend');
  await makeFolder(folder);
  return folder;
}

async function everyoneMayPass(folder: string): Promise<boolean> {
  for (let path = folder; ; path = dirname(path)) {
    if (((await stat(path)).mode & 0o001) === 0) return false;
    if (path === dirname(path)) return true;
  }
}

interface Installation {
  readonly id: string;
  /** 32 bytes, base64. */
  readonly key: string;
}

async function readInstallation(folder: string): Promise<Installation> {
  const file = join(folder, 'installation.json');
  await createOnce(file, `${JSON.stringify({ id: randomText(8), key: newKey().toString('base64') })}\n`);
  return JSON.parse(await readFile(file, 'utf8')) as Installation;
}
