import { chmod, chown, lchown, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { randomInt } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { randomText } from '../../domain/ids.ts';
import type { OperatingSystemUser, PostgresUsers } from './operating-system-user.ts';
import type { PostgresBinaries } from './postgres-binaries.ts';
import { newPassword } from '../project-passwords.ts';
import { postgresSettings } from './postgres-settings.ts';
import { runPostgresProgram } from './run-postgres-program.ts';

/** Where the parts of an embedded cluster lie. */
export interface ClusterFolder {
  readonly folder: string;
  readonly data: string;
  readonly log: string;
}

/** What only we may know of an embedded cluster: `cluster.json`, mode 0600. */
export interface ClusterFile {
  readonly port: number;
  readonly major: number;
  readonly superuserPassword: string;
  readonly adminPassword: string;
}

export const SUPERUSER = 'postgres';

const DRAFT = /^cluster\.draft-(\d+)-[0-9a-z]+$/;
const PATIENCE_MS = 15_000;

export function clusterFolder(home: string): ClusterFolder {
  const folder = join(home, 'cluster');
  return { folder, data: join(folder, 'data'), log: join(folder, 'postgres.log') };
}

/** Undefined when there is no cluster yet. */
export async function readClusterFile(cluster: ClusterFolder): Promise<ClusterFile | undefined> {
  try {
    return JSON.parse(await readFile(clusterFile(cluster.folder), 'utf8')) as ClusterFile;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/**
 * Makes the cluster's folder in full beside its place and moves it there in one step: of several processes one wins,
 * and nobody ever sees half a cluster.
 */
export async function createCluster(home: string, binaries: PostgresBinaries, users: PostgresUsers): Promise<void> {
  if (await isMadeByAnother(home)) return;
  const draft = join(home, `cluster.draft-${process.pid}-${randomText(6)}`);
  try {
    await fillDraft(draft, binaries, users);
    await rename(draft, clusterFolder(home).folder);
  } catch (error) {
    if (!['EEXIST', 'ENOTEMPTY'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

/** Brings the settings up to date, which may be those of an earlier version of ours. */
export async function writeSettings(cluster: ClusterFolder): Promise<void> {
  const file = join(cluster.data, 'postgresql.conf');
  const settings = postgresSettings((await readClusterFile(cluster))?.major ?? 0);
  // In place: it stays the server's.
  if ((await readFile(file, 'utf8')) !== settings) await writeFile(file, settings, { flush: true });
}

/** The port that the next start will use, in one step: readers see the old or the new. */
export async function savePort(cluster: ClusterFolder, port: number): Promise<void> {
  const file = await readClusterFile(cluster);
  if (!file) return;
  const draft = `${clusterFile(cluster.folder)}.${randomText(6)}`;
  await writeFile(draft, JSON.stringify({ ...file, port }), { mode: 0o600, flush: true });
  await rename(draft, clusterFile(cluster.folder));
}

/** Below the ports that systems hand out by themselves: one of those was taken by a passing connection once. */
export async function pickPort(): Promise<number> {
  for (let attempt = 0; attempt < 50; attempt += 1) {
    const port = 15_400 + randomInt(4000);
    if (await isFree(port)) return port;
  }
  throw new Error('No port between 15400 and 19399 is free');
}

/**
 * Clears away drafts whose makers are gone and waits, for a while, for those that are at work: several at once would
 * only slow each other down. True when the cluster is there then.
 */
async function isMadeByAnother(home: string): Promise<boolean> {
  for (const giveUpAt = Date.now() + PATIENCE_MS; Date.now() < giveUpAt; await sleep(20)) {
    if (await readClusterFile(clusterFolder(home))) return true;
    const drafts = (await readdir(home)).map((name) => DRAFT.exec(name)).filter((match) => match !== null);
    const abandoned = drafts.filter(([, pid]) => !isAlive(Number(pid)));
    await Promise.all(abandoned.map(([name]) => rm(join(home, name), { recursive: true, force: true })));
    if (drafts.length === abandoned.length) return false;
  }
  return false;
}

async function fillDraft(draft: string, binaries: PostgresBinaries, users: PostgresUsers): Promise<void> {
  const [data, passwordFile] = [join(draft, 'data'), join(draft, 'password')];
  const file: ClusterFile = {
    port: await pickPort(),
    major: binaries.major,
    superuserPassword: newPassword().reveal(),
    adminPassword: newPassword().reveal(),
  };
  await makeFolder(draft, users.server ? 0o711 : 0o700);
  await makeFolder(data, 0o700, users.initdb);
  await writeFile(passwordFile, `${file.superuserPassword}\n`, { mode: 0o600 });
  if (users.initdb) await chown(passwordFile, users.initdb.uid, users.initdb.gid);
  await initialise(binaries, data, passwordFile, users.initdb);
  await rm(passwordFile);
  await writeFile(join(data, 'postgresql.conf'), postgresSettings(binaries.major), { flush: true });
  if (users.server && users.server.uid !== users.initdb?.uid) await giveTo(data, users.server);
  await writeFile(clusterFile(draft), JSON.stringify(file), { mode: 0o600, flush: true });
}

async function initialise(
  binaries: PostgresBinaries,
  data: string,
  passwordFile: string,
  user: OperatingSystemUser | undefined,
): Promise<void> {
  // The same collation on every machine, whatever its locales. The builtin provider came with 17.
  const locale = binaries.major >= 17 ? ['--locale-provider=builtin', '--builtin-locale=C.UTF-8'] : [];
  const login = ['-U', SUPERUSER, '-A', 'scram-sha-256', `--pwfile=${passwordFile}`];
  const options = ['-D', data, ...login, '-E', 'UTF8', '--locale=C', ...locale, '--no-instructions'];
  await runPostgresProgram(binaries.initdb, options, user);
}

/** With exactly this mode, whatever the umask. */
async function makeFolder(folder: string, mode: number, owner?: OperatingSystemUser): Promise<void> {
  await mkdir(folder, { mode: 0o700 });
  await chmod(folder, mode);
  if (owner) await chown(folder, owner.uid, owner.gid);
}

async function giveTo(path: string, { uid, gid }: OperatingSystemUser): Promise<void> {
  await chown(path, uid, gid);
  for (const entry of await readdir(path, { withFileTypes: true })) {
    const inner = join(path, entry.name);
    if (entry.isDirectory()) await giveTo(inner, { uid, gid });
    else await lchown(inner, uid, gid);
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve(true)));
  });
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

function clusterFile(folder: string): string {
  return join(folder, 'cluster.json');
}
