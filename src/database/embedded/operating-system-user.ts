import { readFile, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Whom a process runs as. */
export interface OperatingSystemUser {
  readonly uid: number;
  readonly gid: number;
}

/** Postgres refuses to run as root. Undefined stands for ourselves. */
export interface PostgresUsers {
  /** initdb looks its own name up, so this one has an entry in the password file. */
  readonly initdb: OperatingSystemUser | undefined;
  readonly server: OperatingSystemUser | undefined;
}

// Where the machine has no user for Postgres, the server gets a uid that nothing else runs as.
const SERVER_WITHOUT_ENTRY = { uid: 61_181, gid: 61_181 };
const NOBODY = { uid: 65_534, gid: 65_534 };

/** Who makes and runs a new cluster: ourselves, or, when we are root, whom we step down to. */
export async function choosePostgresUsers(): Promise<PostgresUsers> {
  if (!areRoot()) return { initdb: undefined, server: undefined };
  const entries = await readFile('/etc/passwd', 'utf8').catch(() => '');
  const postgres = findEntry(entries, 'postgres') ?? findEntry(entries, '_postgres');
  if (postgres) return { initdb: postgres, server: postgres };
  return { initdb: findEntry(entries, 'nobody') ?? NOBODY, server: SERVER_WITHOUT_ENTRY };
}

/** Who runs a cluster that exists: ourselves, or, when we are root, whoever owns its data. */
export async function ownerOf(dataFolder: string): Promise<OperatingSystemUser | undefined> {
  if (!areRoot()) return undefined;
  const { uid, gid } = await stat(dataFolder);
  return { uid, gid };
}

/** The first folder on the way to `path`, itself included, that the user may not pass; undefined when there is none. */
export async function findImpassable(path: string, user: OperatingSystemUser | undefined): Promise<string | undefined> {
  if (!user) return undefined;
  for (let folder = path; ; folder = dirname(folder)) {
    const { uid, gid, mode } = await stat(folder);
    const bit = uid === user.uid ? 0o100 : gid === user.gid ? 0o010 : 0o001;
    if ((mode & bit) === 0) return folder;
    if (folder === dirname(folder)) return undefined;
  }
}

export function areRoot(): boolean {
  return process.getuid?.() === 0;
}

function findEntry(entries: string, name: string): OperatingSystemUser | undefined {
  const line = entries.split('\n').find((entry) => entry.startsWith(`${name}:`));
  const [, , uid, gid] = line?.split(':') ?? [];
  return uid === undefined || gid === undefined ? undefined : { uid: Number(uid), gid: Number(gid) };
}
