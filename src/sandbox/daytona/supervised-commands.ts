import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { isRunning } from '../../machine/host-process.ts';
import type { CommandState } from './agent-protocol.ts';
import { CommandFolder, type KeptState } from './command-folder.ts';
import type { SupervisedStart } from './supervise.ts';

/** How the agent is started once more, to be a supervisor. */
export interface AgentProgram {
  readonly file: string;
  readonly environment: Readonly<Record<string, string>>;
}

const LOOK_MS = 15;
/** How long a supervisor may take from being started to its first word. */
const FIRST_WORD_MS = 10_000;
const LOST = '\n… lost: it ended with its container, or with what held it there …\n';

/** Begins the command under its id; a second time it only looks. */
export async function beginCommand(start: SupervisedStart, { file, environment }: AgentProgram): Promise<void> {
  if (!(await new CommandFolder(start.commands, start.id).make())) return;
  const supervisor = spawn(process.execPath, [file, 'supervise'], {
    detached: true,
    cwd: '/',
    env: environment,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  supervisor.stdin.end(JSON.stringify(start));
  await once(supervisor.stdin, 'finish');
  supervisor.unref();
}

/** The state when it is later than `version`, or after `waitMs`. */
export async function waitForChange(folder: CommandFolder, version: number, waitMs: number): Promise<CommandState> {
  return waitUntil(folder, waitMs, (state) => state.version > version);
}

/** The state with the result, or after `waitMs` as it is then. */
export async function waitForEnd(folder: CommandFolder, waitMs: number): Promise<CommandState> {
  return waitUntil(folder, waitMs, (state) => state.result !== undefined);
}

/** One that was not begun yet never will be. */
export async function stopCommand(folder: CommandFolder, graceMs: number): Promise<void> {
  if (await folder.make()) await folder.writeState(endedState(''));
  else await folder.askToStop(graceMs);
}

async function waitUntil(
  folder: CommandFolder,
  waitMs: number,
  isEnough: (state: CommandState) => boolean,
): Promise<CommandState> {
  const deadlineMs = performance.now() + waitMs;
  await folder.noteInterest();
  for (;;) {
    const state = await presentState(folder);
    if (isEnough(state) || performance.now() >= deadlineMs) return withoutSupervisor(state);
    await sleep(LOOK_MS);
  }
}

/** What is kept of a command whose supervisor is gone is not what is: it ended with it. */
async function presentState(folder: CommandFolder): Promise<KeptState> {
  const state = await folder.readState();
  if (state?.result !== undefined) return state;
  if (state?.supervisor && (await isRunning(state.supervisor))) return state;
  if (state === undefined) {
    const madeAtMs = await folder.madeAtMs();
    if (madeAtMs !== undefined && Date.now() - madeAtMs < FIRST_WORD_MS)
      return { version: 0, output: '', supervisor: undefined };
  }
  // It may have ended between the two looks.
  const last = await folder.readState();
  return last?.result === undefined ? endedState((last?.output ?? '') + LOST) : last;
}

function endedState(output: string): KeptState {
  const result = { exitCode: undefined, timedOut: false, output, durationMs: 0 };
  return { version: Number.MAX_SAFE_INTEGER, output: '', result, supervisor: undefined };
}

function withoutSupervisor({ version, output, result }: KeptState): CommandState {
  return result === undefined ? { version, output } : { version, output, result };
}
