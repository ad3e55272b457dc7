import { startCommand, type CommandSetting } from '../machine/command.ts';
import { folderBytes, watchDisk } from './disk-watch.ts';
import type { CommandResult, RunningCommand } from '../machine/command.ts';
import type { CommandLimits } from './untrusted-commands.ts';

/** Starts a command as `startCommand` does, and ends it when its folder grows too much or the disk is nearly full. */
export async function startWithinDisk(
  command: readonly string[],
  setting: CommandSetting,
  limits: Pick<CommandLimits, 'folderGrowthBytes' | 'freeDiskBytes'>,
): Promise<RunningCommand> {
  const startBytes = await folderBytes(setting.directory);
  const tooMuch = new AbortController();
  const over = new AbortController();
  const signal = AbortSignal.any([...(setting.signal ? [setting.signal] : []), tooMuch.signal]);
  const running = await startCommand(command, { ...setting, signal });
  const watched = watchDisk(setting.directory, startBytes, limits, over.signal).catch(() => undefined);
  void watched.then((trouble) => trouble !== undefined && tooMuch.abort());
  return withEnd(running, async (result) => {
    over.abort();
    const trouble = tooMuch.signal.aborted ? await watched : undefined;
    return trouble === undefined ? result : { ...result, output: `${result.output}\n… stopped: ${trouble} …\n` };
  });
}

/** The same command, whose end is not told before `end` is through. */
export function withEnd(
  running: RunningCommand,
  end: (result: CommandResult) => Promise<CommandResult>,
): RunningCommand {
  const ended = running.ended.then(end);
  return {
    output: () => running.output(),
    ended,
    async stop(graceMs) {
      await running.stop(graceMs);
      return ended;
    },
  };
}
