import { createHmac } from 'node:crypto';
import { chmod, mkdir, readFile, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { TurboError } from '../domain/errors.ts';
import { randomText } from '../domain/ids.ts';
import type { Secret } from '../domain/secret.ts';
import { createOnce } from './create-once.ts';
import { makeCipher, newKey, type Cipher } from './cipher.ts';

const INSTALLATION_FILE = 'installation.json';
const ID_LENGTH = 8;

/** Where an installation keeps its state, and what it is known by. */
export interface Home {
  /** Absolute; other users of the machine can pass through it, as Postgres and the projects' own users must. */
  readonly folder: string;
  /** 8 characters of [0-9a-z], in every name that this installation gives to something outside of its folder. */
  readonly installationId: string;
  /** Seals what is stored in the control database, with the shared key or one that never leaves the folder. */
  readonly cipher: Cipher;
}

/**
 * Opens the state folder, making it on first use; any number of processes may do so at once.
 * When we are root and `requested` lies below a folder that other users cannot pass (root's own home), the state goes
 * to a folder of its own under /var/lib/turbobackend, named in `requested`/location.
 *
 * `secretKey` (32 bytes, base64) makes homes on any number of machines one installation: what one of them sealed the
 * others open, and all give the same names. The key is then not kept in the folder.
 * Rejects with `CONFIG_INVALID` when the folder cannot be made or written, or was set up with another key.
 */
export async function openHome(requested: string, secretKey?: Secret): Promise<Home> {
  const asked = resolve(requested);
  try {
    await makeFolder(asked);
    const folder = await reachableFolder(asked);
    const installation = secretKey ? await shareInstallation(folder, secretKey) : await readInstallation(folder);
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

/** Whatever the umask made of it and of the folders on the way to it: our own users have to pass, nobody has to list. */
async function makeFolder(folder: string): Promise<void> {
  const { length } = (await mkdir(folder, { recursive: true })) ?? { length: Infinity };
  for (let made = folder; made.length >= length; made = dirname(made)) await chmod(made, 0o711);
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
  const file = join(folder, INSTALLATION_FILE);
  await createOnce(file, `${JSON.stringify(installationOf(newKey().toString('base64')))}\n`);
  return JSON.parse(await readFile(file, 'utf8')) as Installation;
}

/** The key's own installation, unless the folder has projects that were sealed or named by another. */
async function shareInstallation(folder: string, secretKey: Secret): Promise<Installation> {
  const installation = installationOf(secretKey.reveal());
  const file = join(folder, INSTALLATION_FILE);
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
    return undefined;
  });
  if (text === undefined) return installation;
  const earlier = JSON.parse(text) as Installation;
  if (!Buffer.from(earlier.key, 'base64').equals(Buffer.from(installation.key, 'base64'))) throw otherKey(file);
  if (earlier.id !== installation.id) throw otherName(file);
  return installation;
}

/** Named by its key, so that a home that began alone can be joined by others. */
function installationOf(key: string): Installation {
  const digest = createHmac('sha256', Buffer.from(key, 'base64')).update('turbobackend installation id').digest();
  return { id: digest.readBigUInt64BE().toString(36).padStart(ID_LENGTH, '0').slice(-ID_LENGTH), key };
}

function otherKey(file: string): TurboError {
  return new TurboError(
    'CONFIG_INVALID',
    `TURBOBACKEND_SECRET_KEY is not the key that this home was set up with: its projects could not be opened (${file})`,
    {
      fix: `Set TURBOBACKEND_SECRET_KEY to the value of "key" in ${file}, here and on every other machine; or delete the home's projects, move that file away, and start with the new key.`,
    },
  );
}

function otherName(file: string): TurboError {
  return new TurboError(
    'CONFIG_INVALID',
    `This home was set up under a name that other machines cannot derive from its key, so it cannot be shared (${file})`,
    {
      fix: `Unset TURBOBACKEND_SECRET_KEY to go on with this home alone; or delete its projects, move ${file} away, and start again.`,
    },
  );
}
