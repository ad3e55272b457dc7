import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, copyFile, mkdir } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { randomText } from '../domain/ids.ts';
import type { BackendRuntime } from '../machine/backend-runtime.ts';
import { handOver } from '../machine/hand-over.ts';
import { endProcesses, findProcesses, isRunning, markProcess, type ProcessMark } from '../machine/host-process.ts';
import { linkModules } from '../machine/link-modules.ts';
import { mendRelease, releaseFolder } from './release-folder.ts';
import { isOurs, type Release, type ServerMark } from './deployment-state.ts';
import type { ServerLog } from './server-log.ts';

export interface ServerSetting {
  /** The project's folder among the deployments. */
  readonly folder: string;
  readonly release: Release;
  readonly port: number;
  readonly runtime: BackendRuntime;
  /** Whom it runs as, when we are root. */
  readonly uid: number | undefined;
  readonly log: ServerLog;
}

const OWN_FOLDERS = ['home', 'tmp', 'cache'];
const SERVER_ID = 'TURBOBACKEND_SERVER_ID';
const STOP_GRACE_MS = 5000;

/** Whether a server can listen on a port beside another of the same user. */
export const PORTS_ARE_SHARED = process.platform === 'linux';
const PRELOADS = ['cap-log.ts', ...(PORTS_ARE_SHARED ? ['share-port.ts'] : [])];

/**
 * Starts the release's server in a session of its own, so that it outlives us and our terminal. Resolves to undefined
 * when it ended at once. Its passwords are in its environment alone, which only its user and root can read.
 */
export async function startServer(setting: ServerSetting): Promise<ServerMark | undefined> {
  const { folder, release, runtime, uid } = setting;
  await makeOwnFolders(folder, uid);
  await mendRelease(folder, release.sourceHash, uid);
  const source = releaseFolder(folder, release.sourceHash);
  await linkModules(source, runtime.nodeModules, dirname(source));
  const preloads = await Promise.all(PRELOADS.map((name) => providePreload(folder, name)));
  const serverId = randomText(12);
  const output = await setting.log.openForServer();
  try {
    const child = spawn(runtime.nodePath, [...preloads.flatMap((file) => ['--import', file]), 'src/server.ts'], {
      cwd: source,
      env: { ...environmentOf(setting), [SERVER_ID]: serverId },
      ...(uid === undefined ? {} : { uid, gid: uid }),
      detached: true,
      stdio: ['ignore', output.fd, output.fd],
    });
    await once(child, 'spawn');
    child.unref();
    const mark = child.pid === undefined ? undefined : await markProcess(child.pid);
    return mark && { ...mark, serverId };
  } finally {
    await output.close();
  }
}

/** Every process of the deployment in `folder`, whichever of ours started it and whether `mark` was written down. */
export async function serverProcesses(folder: string, mark: ProcessMark | undefined): Promise<readonly number[]> {
  const marked = mark !== undefined && (await isOurs(folder, mark)) ? [mark.pid] : [];
  const found = (await findProcesses('HOME')).filter(({ value }) => value === join(folder, 'home'));
  return [...new Set([...marked, ...found.map(({ pid }) => pid)])];
}

/** Of them those that one start made, or all but those. None where there is no /proc. */
export async function processesOfStart(
  folder: string,
  { serverId }: ServerMark,
  which: 'its' | 'others',
): Promise<readonly number[]> {
  const ofFolder = await serverProcesses(folder, undefined);
  const started = (await findProcesses(SERVER_ID)).filter(({ value }) => value === serverId).map(({ pid }) => pid);
  return ofFolder.filter((pid) => started.includes(pid) === (which === 'its'));
}

/** Ends what other starts of the deployment left running, or have handed over to this one. */
export async function stopOthers(folder: string, mark: ServerMark): Promise<void> {
  if (mark.serverId === undefined) return;
  await endProcesses(() => processesOfStart(folder, mark, 'others'), STOP_GRACE_MS);
}

/** Ends one start of the deployment and leaves the others as they are. */
export async function stopStart(folder: string, mark: ServerMark): Promise<void> {
  await endProcesses(async () => {
    const group = (await isRunning(mark)) ? [-mark.pid] : [];
    return [...group, ...(await processesOfStart(folder, mark, 'its'))];
  }, STOP_GRACE_MS);
}

/** Resolves when none of them is left; whoever has not ended by then is killed after five seconds. */
export async function stopServer(folder: string, mark: ProcessMark | undefined): Promise<void> {
  await endProcesses(async () => {
    const pids = await serverProcesses(folder, mark);
    // Its whole group, which it leads, where the others cannot be found.
    return pids.map((pid) => (pid === mark?.pid ? -pid : pid));
  }, STOP_GRACE_MS);
}

async function makeOwnFolders(folder: string, uid: number | undefined): Promise<void> {
  for (const name of OWN_FOLDERS) {
    const own = join(folder, name);
    await mkdir(own, { recursive: true });
    await chmod(own, 0o700);
    if (uid !== undefined) await handOver(own, uid);
  }
}

/** Beside the deployment, since our own folder may be one that the project's user cannot read. */
async function providePreload(folder: string, name: string): Promise<string> {
  const source = fileURLToPath(new URL(`./${name}`, import.meta.url));
  // The published package holds what was compiled from it.
  const present = extname(import.meta.filename) === '.ts' ? source : source.replace(/ts$/, 'js');
  const target = join(folder, basename(present));
  await copyFile(present, target);
  await chmod(target, 0o644);
  return target;
}

function environmentOf({ folder, release, port, runtime }: ServerSetting): Record<string, string> {
  return {
    PATH: [dirname(runtime.nodePath), '/usr/local/bin', '/usr/bin', '/bin'].join(':'),
    HOME: join(folder, 'home'),
    TMPDIR: join(folder, 'tmp'),
    LANG: 'C.UTF-8',
    TZ: 'UTC',
    NODE_ENV: 'production',
    NODE_COMPILE_CACHE: join(folder, 'cache'),
    // So that `logs` has something to show.
    LOG: 'requests',
    ...release.environment,
    HOST: '127.0.0.1',
    PORT: String(port),
  };
}
