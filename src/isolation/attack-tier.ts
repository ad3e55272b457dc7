import { setTimeout as sleep } from 'node:timers/promises';
import { isolateCommand, hasNamespaces } from './isolate-command.ts';
import { startCommand } from '../machine/command.ts';
import { endProcesses, findProcessesCalled } from '../machine/host-process.ts';
import type { AttackGround } from './attack-ground.ts';
import type { IsolationMachine } from './isolation-machine.ts';
import { ATTACKS, type AttackName } from './launcher/attack-targets.ts';
import type { CommandLimits, IsolationTier } from './untrusted-commands.ts';

/** Which attacks worked in the tier, or why nothing runs in it here. */
export type AttackOutcome =
  | { readonly runs: true; readonly worked: readonly AttackName[] }
  | { readonly runs: false; readonly trouble: string };

const TIMEOUT_MS = 30_000;
const NAMESPACE_END_MS = 1000;

/** Runs all attacks in the tier. `alone`: in a network of its own, not in the machine's with one port allowed. */
export async function attackTier(
  machine: IsolationMachine,
  tier: IsolationTier,
  ground: AttackGround,
  options: { readonly alone: boolean; readonly uid: number | undefined; readonly limits: CommandLimits },
): Promise<AttackOutcome> {
  const { directory, targets } = ground;
  const own = { kind: 'own', socketFolder: undefined } as const;
  const shared = { kind: 'shared', connect: [targets.portElsewhere], bind: [] } as const;
  const isolated = isolateCommand(machine, tier, {
    command: [machine.nodePath, machine.launcher.attack, JSON.stringify(targets)],
    directory,
    limits: options.limits,
    network: options.alone && hasNamespaces(tier) ? own : shared,
    readable: [],
  });
  const environment = { PATH: '/usr/local/bin:/usr/bin:/bin', HOME: directory };
  const setting = { directory, environment, uid: options.uid, timeoutMs: TIMEOUT_MS, handOver: isolated.handOver };
  const { output } = await (await startCommand(isolated.command, setting)).ended;
  const survived = await survives(targets.survivorSeconds);
  await endProcesses(() => findProcessesCalled(targets.survivorSeconds), 0);
  const worked = readWorked(output);
  if (worked === undefined) return { runs: false, trouble: output.trim().split('\n').at(-1) ?? 'it says nothing' };
  return { runs: true, worked: survived ? [...worked, 'leave-session'] : worked };
}

/** The kernel takes a moment to end what was in a namespace. */
async function survives(argument: string): Promise<boolean> {
  for (const deadlineMs = performance.now() + NAMESPACE_END_MS; performance.now() < deadlineMs; await sleep(20))
    if ((await findProcessesCalled(argument)).length === 0) return false;
  return true;
}

function readWorked(output: string): readonly AttackName[] | undefined {
  const line = /^\{"worked":\[.*\]\}$/m.exec(output)?.[0];
  if (line === undefined) return undefined;
  const { worked } = JSON.parse(line) as { readonly worked: readonly string[] };
  return ATTACKS.filter((name) => worked.includes(name));
}
