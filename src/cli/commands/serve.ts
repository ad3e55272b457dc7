import { inspect } from 'node:util';
import type { Command } from 'commander';
import type { CommandContext } from '../command-context.ts';
import { parseCount } from '../parse-count.ts';
import type { CommonFlags } from '../screen.ts';
import { withCommonFlags, type CommandRunner } from './command-runner.ts';

const MOST_RUNS = 64;

interface ServeFlags extends CommonFlags {
  readonly host?: string;
  readonly port?: string;
  readonly concurrency?: number;
}

export function addServeCommand(program: Command, runner: CommandRunner): void {
  withCommonFlags(program.command('serve'))
    .option('--host <host>', 'the address to listen on, otherwise 127.0.0.1')
    .option('--port <port>', 'the port to listen on, otherwise 4300')
    .option('--concurrency <count>', 'carry at most so many runs at once', parseCount(MOST_RUNS))
    .description('answer over HTTP and carry out runs until it is told to stop')
    .action(({ host, port, concurrency, ...flags }: ServeFlags) => {
      const settings = {
        TURBOBACKEND_HOST: host,
        TURBOBACKEND_PORT: port,
        TURBOBACKEND_MAX_RUNS: concurrency?.toString(),
      };
      return runner.run(runner.screen(flags), { work: true, settings, own: 'every', service: true } as const, serve);
    });
}

/** Ends when it is interrupted, once the calls under way were answered. */
async function serve(context: CommandContext): Promise<number> {
  const { openHttpDoor } = await import('../../http/http-door.ts');
  const { signal } = context.interrupts;
  const door = await openHttpDoor(context.backend, {
    ...context.config.http,
    version: context.shell.version,
    onBug: (error, call) => context.note(`${call}: ${inspect(error)}`),
  });
  context.result({ type: 'listening', url: door.url }, () => `Listening at ${context.out.paint('cyan', door.url)}`);
  context.note(
    `Open it in a browser; documentation: ${door.url}/docs. Ctrl-C or SIGTERM stops; runs are carried on by the next process.`,
  );
  const keptUp = context.backend.keepUp({ signal, say: (line) => context.note(line) });
  if (!signal.aborted) {
    await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
  }
  context.note('Leaving');
  await Promise.all([door.close(), keptUp]);
  return 0;
}
