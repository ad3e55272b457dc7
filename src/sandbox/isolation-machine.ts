import { execFile } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import { promisify } from 'node:util';
import type { BackendRuntime } from './backend-runtime.ts';
import type { Launcher } from './install-launcher.ts';

/** What this machine has to keep commands apart with. What of it works is found out by trying. */
export interface IsolationMachine {
  /** Programs; undefined when they are not installed. */
  readonly bubblewrap: string | undefined;
  readonly unshare: string | undefined;
  readonly prlimit: string | undefined;
  readonly launcher: Launcher;
  /** Why the launcher cannot work: no node:ffi, or an unknown processor. */
  readonly launcherTrouble: string | undefined;
  /** The Node that the launcher runs with, where it really lies. */
  readonly nodePath: string;
  readonly runtime: BackendRuntime;
}

const FOLDERS = ['/usr/bin', '/usr/local/bin', '/bin', '/usr/sbin'];

export async function lookAtMachine(runtime: BackendRuntime, launcher: Launcher): Promise<IsolationMachine> {
  return {
    bubblewrap: findProgram('bwrap'),
    unshare: findProgram('unshare'),
    prlimit: findProgram('prlimit'),
    launcher,
    launcherTrouble: await findLauncherTrouble(runtime),
    nodePath: realpathSync(runtime.nodePath),
    runtime,
  };
}

/** From folders that only root writes, whatever our own PATH says. */
function findProgram(name: string): string | undefined {
  return FOLDERS.map((folder) => `${folder}/${name}`).find((path) => existsSync(path));
}

async function findLauncherTrouble(runtime: BackendRuntime): Promise<string | undefined> {
  if (process.platform !== 'linux') return `there is no Landlock on ${process.platform}`;
  const script = "require('node:ffi'); process.execve.name";
  const works = await promisify(execFile)(runtime.nodePath, ['--disable-warning=ExperimentalWarning', '-e', script], {
    env: {},
  }).then(
    () => true,
    () => false,
  );
  return works ? undefined : `Node ${process.versions.node} has no node:ffi, which 26.9 brought`;
}
