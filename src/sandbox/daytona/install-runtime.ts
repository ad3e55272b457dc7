import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { flushCompileCache } from 'node:module';
import { cp, mkdir, realpath, rename, rm } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { TurboError } from '../../domain/errors.ts';
import { randomText } from '../../domain/ids.ts';
import { makePrograms, typescriptCommand, type BackendRuntime } from '../../machine/backend-runtime.ts';
import { linkModules } from '../../machine/link-modules.ts';
import { makeProjectFolder } from '../make-project-folder.ts';
import { AGENT_PATH, RUNTIME_FILES, runtimeFolder, type AgentHome } from './agent-home.ts';
import type { InstallRequest, Missing, Readiness } from './agent-protocol.ts';
import { CommandFolder } from './command-folder.ts';
import { beginCommand, waitForEnd, type AgentProgram } from './supervised-commands.ts';

const INSTALL_MS = 600_000;
const PLATFORM = `${process.platform}-${process.arch}`;
// Where there is no registry, npm is to say so soon.
const NPM_ARGUMENTS =
  'ci --ignore-scripts --no-audit --no-fund --fetch-retries=1 --fetch-retry-mintimeout=500 --fetch-timeout=60000'.split(
    ' ',
  );

/**
 * Takes up its place and has npm make what backends run with, once however many ask for it at a time. Undefined while
 * npm is at it. Rejects with `SANDBOX_UNAVAILABLE`; asked again, it tries again.
 */
export async function installRuntime(
  home: AgentHome,
  { agentVersion, runtimeVersion, packages, waitMs }: InstallRequest,
  { file, environment }: AgentProgram,
): Promise<Readiness | Missing | undefined> {
  const modules = await adoptModules(home, agentVersion);
  await Promise.all([home.commands, home.staging].map((path) => mkdir(path, { recursive: true, mode: 0o700 })));
  const runtime = runtimeFolder(home, runtimeVersion);
  if (existsSync(join(runtime, 'bin', 'node'))) return greet(home, runtimeVersion);
  const agentFile = join(modules, AGENT_PATH + extname(file));
  const folder = new CommandFolder(home.commands, `install-${runtimeVersion}`);
  // Without the runtime, an installation that has ended is one that failed.
  if ((await folder.readState())?.result) await folder.remove();
  // What was compiled is kept at the end of a process, which for the next two would be too late.
  flushCompileCache();
  const command = [
    process.execPath,
    agentFile,
    'build',
    runtime,
    ...(packages === undefined ? [] : [join(home.root, packages)]),
  ];
  await beginCommand(
    {
      command,
      id: basename(folder.path),
      commands: home.commands,
      directory: modules,
      environment,
      timeoutMs: INSTALL_MS,
    },
    { file: agentFile, environment },
  );
  const { result } = await waitForEnd(folder, waitMs);
  if (!result) return undefined;
  if (result.exitCode === 0) return greet(home, runtimeVersion);
  await folder.remove();
  const reason = result.output.trim().split('\n').slice(-5).join(' · ');
  if (packages !== undefined)
    throw new TurboError('SANDBOX_UNAVAILABLE', `What backends run with cannot be unpacked: ${reason}`);
  return { missing: 'packages', reason: `npm could not install what backends run with: ${reason}`, platform: PLATFORM };
}

/** Run by the supervisor: made under another name, so that whoever sees the folder sees all of it. */
export async function buildRuntime(home: AgentHome, runtime: string, packages: string | undefined): Promise<void> {
  const draft = join(home.root, `.${basename(runtime)}.${randomText(8)}`);
  try {
    await cp(join(home.modules, RUNTIME_FILES), draft, { recursive: true });
    if (packages === undefined) await runIn(draft, 'npm', NPM_ARGUMENTS);
    else await runIn(draft, 'tar', ['-xzf', packages]);
    await makePrograms(draft);
    await rm(runtime, { recursive: true, force: true });
    await rename(draft, runtime);
  } finally {
    await rm(draft, { recursive: true, force: true });
    if (packages !== undefined) await rm(packages, { force: true });
  }
}

async function runIn(directory: string, program: string, programArguments: readonly string[]): Promise<void> {
  const child = spawn(program, programArguments, { cwd: directory, stdio: 'inherit' });
  const [exitCode] = (await once(child, 'close')) as [number | null];
  if (exitCode !== 0) throw new Error(`${program} ended with ${exitCode ?? 'a signal'}`);
}

/** The project's folder as commands and files find it from now on. */
export async function greet(home: AgentHome, runtimeVersion: string): Promise<Readiness> {
  const runtime = runtimeAt(await realpath(runtimeFolder(home, runtimeVersion)), runtimeVersion);
  await makeProjectFolder(home.project, undefined);
  await linkModules(home.project, runtime.nodeModules);
  const beside = dirname(home.root);
  return {
    base: (await realpath(process.cwd())) === (await realpath(beside)) ? '' : `${beside}/`,
    directory: await realpath(home.project),
    typescript: typescriptCommand(runtime),
    nodeVersion: process.versions.node,
  };
}

export function runtimeAt(folder: string, version: string): BackendRuntime {
  return { nodePath: join(folder, 'bin', 'node'), nodeModules: join(folder, 'node_modules'), version };
}

/** Uploaded under a name of its own, the agent moves to where the next call looks for it; another may be there already. */
async function adoptModules(home: AgentHome, agentVersion: string): Promise<string> {
  const place = join(home.root, `agent-${agentVersion}`);
  if (home.modules === place) return place;
  await rename(home.modules, place).catch((error: unknown) => {
    if (!existsSync(place)) throw error;
  });
  await rm(home.modules, { recursive: true, force: true });
  return place;
}
