import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { startCommand } from '../../machine/command.ts';
import { markProcess } from '../../machine/host-process.ts';
import type { CommandResult, RunningCommand } from '../sandbox.ts';
import { startWithinDisk } from '../../isolation/start-within-disk.ts';
import type { CommandState, SupervisedCommand } from './agent-protocol.ts';
import { CommandFolder, forgetOldCommands } from './command-folder.ts';

/** What the supervisor is handed over its standard input, so that no file and no argument holds the environment. */
export interface SupervisedStart extends SupervisedCommand {
  readonly commands: string;
  readonly id: string;
  readonly directory: string;
  readonly environment: Readonly<Record<string, string>>;
}

const LOOK_MS = 40;
/** Without a deadline and with nobody asking after it, a command was left behind. */
const LEFT_BEHIND_MS = 120_000;

/** Holds one command for as long as it runs and keeps what there is to know of it, whoever asks and when. */
export async function supervise(): Promise<void> {
  const start = JSON.parse(await text(process.stdin)) as SupervisedStart;
  const folder = new CommandFolder(start.commands, start.id);
  const supervisor = await markProcess(process.pid);
  const running = await begin(start);
  const version = await follow(running, start, (state) =>
    folder.writeState({ ...state, supervisor }).catch(() => undefined),
  );
  // Where the folder is gone nobody asks any more.
  await folder
    .writeState({ version: version + 1, output: '', result: await running.ended, supervisor })
    .catch(() => undefined);
  await forgetOldCommands(start.commands).catch(() => undefined);
}

/** Tells what it prints until it has ended, and ends it when that is wanted. Resolves to the last version told. */
async function follow(
  running: RunningCommand,
  start: SupervisedStart,
  tell: (state: CommandState) => Promise<void>,
): Promise<number> {
  const folder = new CommandFolder(start.commands, start.id);
  const hasEnded = running.ended.then(() => true as const);
  let told = { version: 1, output: running.output() };
  await tell(told);
  for (let stopping = false; !(await Promise.race([hasEnded, sleep(LOOK_MS, false as const)]));) {
    const graceMs = stopping ? undefined : await wantedEnd(folder, start);
    if (graceMs !== undefined) {
      stopping = true;
      void running.stop(graceMs);
    }
    const output = running.output();
    if (output === told.output) continue;
    told = { version: told.version + 1, output };
    await tell(told);
  }
  return told.version;
}

async function begin(start: SupervisedStart): Promise<RunningCommand> {
  const { directory, environment, timeoutMs, keptPartBytes, limits } = start;
  const setting = { directory, environment, timeoutMs, keptPartBytes, uid: undefined };
  try {
    return await (limits === undefined
      ? startCommand(start.command, setting)
      : startWithinDisk(start.command, setting, limits));
  } catch (error) {
    // The machine starts nothing any more: for who asked, it is a command that could not be started.
    return ended({ exitCode: 126, timedOut: false, output: `${(error as Error).message}\n`, durationMs: 0 });
  }
}

function ended(result: CommandResult): RunningCommand {
  return { output: () => result.output, ended: Promise.resolve(result), stop: () => Promise.resolve(result) };
}

/** Within how many milliseconds it has to end now; undefined when it may go on. */
async function wantedEnd(folder: CommandFolder, { timeoutMs }: SupervisedStart): Promise<number | undefined> {
  const interestAtMs = await folder.interestAtMs();
  // With the folder went the project.
  if (interestAtMs === undefined) return 0;
  if (timeoutMs === undefined && Date.now() - interestAtMs > LEFT_BEHIND_MS) return 0;
  return folder.readStop();
}
