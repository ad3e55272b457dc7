import { TurboError } from '../domain/errors.ts';
import type { ChosenIsolation } from './choose-isolation.ts';
import { DEFAULT_LIMITS } from './untrusted-commands.ts';
import { hasNamespaces, isolateCommand, type IsolatedCommand } from './isolate-command.ts';
import { openNetwork, RELAY_PORT, type OpenNetwork } from './open-network.ts';
import { startWithinDisk, withEnd } from './start-within-disk.ts';
import type { CommandResult, RunningCommand } from '../machine/command.ts';
import type { CommandLimits, Isolation, UntrustedCommands, UntrustedOptions } from './untrusted-commands.ts';

export interface UntrustedSetting {
  readonly directory: string;
  /** Whom commands run as, when we are root. */
  readonly uid: number | undefined;
  /** What every command of the project sees. */
  readonly environment: Readonly<Record<string, string>>;
  readonly choose: () => Promise<ChosenIsolation>;
}

interface StartOptions extends UntrustedOptions {
  readonly listenPort?: number;
}

const DEFAULT_TIMEOUT_MS = 60_000;

/** In the tier that this machine allows; what is let through is open only while the command runs. */
export class LocalUntrustedCommands implements UntrustedCommands {
  readonly #setting: UntrustedSetting;

  constructor(setting: UntrustedSetting) {
    this.#setting = setting;
  }

  async isolation(): Promise<Isolation> {
    const { tier, guarantees, passedOver, raise } = await this.#setting.choose();
    return { tier, guarantees, passedOver, raise };
  }

  async run(command: string | readonly string[], options: UntrustedOptions = {}): Promise<CommandResult> {
    const running = await this.#start(command, { ...options, timeoutMs: options.timeoutMs ?? DEFAULT_TIMEOUT_MS });
    return running.ended;
  }

  start(command: string | readonly string[], options: StartOptions): Promise<RunningCommand> {
    return this.#start(command, { ...options, timeoutMs: undefined });
  }

  async #start(command: string | readonly string[], options: StartOptions): Promise<RunningCommand> {
    const isolation = await this.#setting.choose();
    if (isolation.tier === 'none' && options.allowUnsafe !== true) throw refused(isolation);
    const { database, registry, listenPort } = options;
    const alone = hasNamespaces(isolation.tier) && listenPort === undefined;
    const network = await openNetwork({ database, registry, listenPort }, { alone, uid: this.#setting.uid });
    try {
      return await this.#startIn(isolation, network, asArguments(command), options);
    } catch (error) {
      await network.close();
      throw error;
    }
  }

  async #startIn(
    isolation: ChosenIsolation,
    network: OpenNetwork,
    command: readonly string[],
    options: StartOptions,
  ): Promise<RunningCommand> {
    const { directory, uid } = this.#setting;
    const environment: Readonly<Record<string, string>> = {
      ...this.#setting.environment,
      ...options.environment,
      ...network.environment,
    };
    const limits = { ...DEFAULT_LIMITS, ...options.limits };
    const isolated = this.#isolate(isolation, network, command, {
      limits,
      certificates: environment['NODE_EXTRA_CA_CERTS'],
    });
    const running = await startWithinDisk(
      isolated.command,
      {
        directory,
        uid,
        environment,
        handOver: isolated.handOver,
        timeoutMs: options.timeoutMs,
        keptPartBytes: options.keptOutputBytes,
        signal: options.signal,
      },
      limits,
    );
    return withEnd(running, async (result) => {
      await network.close();
      return result;
    });
  }

  #isolate(
    { machine, tier }: ChosenIsolation,
    network: OpenNetwork,
    command: readonly string[],
    options: { readonly limits: CommandLimits; readonly certificates: string | undefined },
  ): IsolatedCommand {
    const { limits, certificates } = options;
    const relay =
      network.registrySocket === undefined
        ? []
        : [machine.nodePath, machine.launcher.relay, network.registrySocket, String(RELAY_PORT)];
    return isolateCommand(machine, tier, {
      limits,
      command: [...relay, ...command],
      directory: this.#setting.directory,
      network: network.allowed,
      readable: certificates === undefined ? [] : [certificates],
    });
  }
}

function asArguments(command: string | readonly string[]): readonly string[] {
  return typeof command === 'string' ? ['/bin/sh', '-c', command] : command;
}

function refused({ passedOver, raise }: Isolation): TurboError {
  const why = passedOver.length === 0 ? '' : ` (${passedOver.join(' ')})`;
  return new TurboError(
    'SANDBOX_UNAVAILABLE',
    `Refused to run a command that a model wrote: nothing on this machine would keep it apart${why}`,
    { fix: raise === undefined ? 'Run TurboBackend on Linux, or as root.' : `Run: ${raise}` },
  );
}
