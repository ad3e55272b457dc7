import { existsSync, realpathSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import type { BackendRuntime } from '../machine/backend-runtime.ts';
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

export function lookAtMachine(runtime: BackendRuntime, launcher: Launcher): IsolationMachine {
  return {
    bubblewrap: findProgram('bwrap'),
    unshare: findProgram('unshare'),
    prlimit: findProgram('prlimit'),
    launcher,
    launcherTrouble: findLauncherTrouble(),
    nodePath: realpathSync(runtime.nodePath),
    runtime,
  };
}

/** From folders that only root writes, whatever our own PATH says. */
function findProgram(name: string): string | undefined {
  return FOLDERS.map((folder) => `${folder}/${name}`).find((path) => existsSync(path));
}

/** The runtime's Node is ours, so that what we have it has too. */
function findLauncherTrouble(): string | undefined {
  if (process.platform !== 'linux') return `there is no Landlock on ${process.platform}`;
  if (process.arch !== 'x64' && process.arch !== 'arm64') return `the system calls of ${process.arch} are not known`;
  return isBuiltin('node:ffi') ? undefined : `Node ${process.versions.node} has no node:ffi, which 26.9 brought`;
}
