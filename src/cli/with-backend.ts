import type { Config } from '../config/config.ts';
import type { RunId } from '../domain/ids.ts';
import { carryOn } from './carry-on.ts';
import type { CommandContext } from './command-context.ts';
import { abortable, catchInterrupts, type Interrupts } from './interrupts.ts';
import type { Screen } from './screen.ts';
import { type OpeningState, reportOpening } from './report-opening.ts';

export interface BackendNeed {
  /** Whether the command carries runs; one that does also carries on those whose process has gone. */
  readonly work: boolean;
  /** Variables that flags put over the environment's. */
  readonly settings?: Readonly<Record<string, string | undefined>> | undefined;
  /** The interrupted run that the command follows itself, or `every`; the others are carried on before it begins. */
  readonly own?: RunId | 'every' | undefined;
  /** Whether an interruption is the command's proper end, as a service manager expects of a service. */
  readonly service?: boolean | undefined;
  /** Whether it only looks: its user need not wait for runs of others, which are carried on after the answer. */
  readonly answersFirst?: boolean | undefined;
}

/** Of a command that only looks. */
export const LOOKING: BackendNeed = { work: true, answersFirst: true };

/** Opens the backend, carries on what was interrupted, runs the command and closes again. Resolves to the exit code. */
export async function withBackend(
  screen: Screen,
  need: BackendNeed,
  command: (context: CommandContext) => Promise<number>,
): Promise<number> {
  const interrupts = catchInterrupts(screen.shell);
  try {
    return await openAndRun({ ...screen, interrupts }, need, command);
  } catch (error) {
    // Whatever an interrupted command rejects with, it is the interruption that ended it.
    if (interrupts.exitCode === undefined) throw error;
    return need.service ? 0 : interrupts.exitCode;
  } finally {
    interrupts.dispose();
  }
}

async function openAndRun(
  base: Screen & { readonly interrupts: Interrupts },
  need: BackendNeed,
  command: (context: CommandContext) => Promise<number>,
): Promise<number> {
  const { signal } = base.interrupts;
  const config = await readConfig(base, need);
  const stopTelling = base.quiet ? () => undefined : reportOpening(base, () => lookAtDatabase(config));
  const opening = base.shell.open(config, { work: need.work, service: need.service });
  try {
    const backend = await abortable(opening, signal).finally(stopTelling);
    const context = { ...base, backend, config };
    const running = need.answersFirst
      ? command(context).then(async (code) => {
          await carryOn(context, need.own);
          return code;
        })
      : carryOn(context, need.own).then(() => command(context));
    // A service that is told to stop first brings to its end what it is asked at the moment.
    return await (need.service ? running : abortable(running, signal));
  } finally {
    // Also when the interruption came while it was being opened.
    await opening.then(
      (backend) => backend.close(),
      () => undefined,
    );
  }
}

async function lookAtDatabase(config: Config): Promise<OpeningState> {
  const { isInUse, isRunning } = await import('../wiring/wiring.ts');
  if (await isRunning(config)) return 'running';
  return (await isInUse(config)) ? 'stopped' : 'unmade';
}

async function readConfig({ shell }: Screen, { settings = {} }: BackendNeed): Promise<Config> {
  const { loadConfig } = await import('../config/config.ts');
  const given = Object.entries(settings).filter(([, value]) => value !== undefined);
  return loadConfig({ ...shell.environment, ...Object.fromEntries(given) });
}
