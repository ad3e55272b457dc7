import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { release } from 'node:os';
import { join } from 'node:path';
import { randomText } from '../domain/ids.ts';
import { prepareAttackGround } from './attack-ground.ts';
import { attackTier, type AttackOutcome } from './attack-tier.ts';
import type { BackendRuntime } from '../machine/backend-runtime.ts';
import { DEFAULT_LIMITS } from './untrusted-commands.ts';
import { installLauncher } from './install-launcher.ts';
import { hasNamespaces } from './isolate-command.ts';
import { guaranteesFrom, isBroken } from './isolation-claims.ts';
import { lookAtMachine, type IsolationMachine } from './isolation-machine.ts';
import type { Isolation, IsolationTier } from './untrusted-commands.ts';

/** The best that was found to work, and what it takes to apply it. */
export interface ChosenIsolation extends Isolation {
  readonly machine: IsolationMachine;
}

// Outside of those that projects are given; the next one stands for another project.
const ATTACKER_UID = 60_101;
const INSTALLERS: ReadonlyMap<string, string> = new Map([
  ['/usr/bin/apt-get', 'apt-get install bubblewrap'],
  ['/usr/bin/dnf', 'dnf install bubblewrap'],
  ['/usr/bin/pacman', 'pacman -S bubblewrap'],
  ['/sbin/apk', 'apk add bubblewrap'],
]);

/**
 * Tries the tiers from the best down, by attacking them; the first that runs and keeps what it has to is taken. What was
 * found is kept in `folder` until the machine starts anew, or anything that decides it changes.
 */
export async function chooseIsolation(folder: string, runtime: BackendRuntime): Promise<ChosenIsolation> {
  await mkdir(folder, { recursive: true });
  // The mode that mkdir is given would be cut by the umask.
  await chmod(folder, 0o711);
  const machine = lookAtMachine(runtime, await installLauncher(folder));
  const file = join(folder, 'isolation.json');
  const key = await keyOf(machine);
  const known = await readKnown(file, key);
  if (known !== undefined) return { ...known, machine };
  const isolation = await tryTiers(machine, folder);
  const draft = `${file}.${randomText(8)}`;
  await writeFile(draft, JSON.stringify({ key, isolation }, undefined, 2), { mode: 0o600 });
  await rename(draft, file);
  return { ...isolation, machine };
}

/** Attacks one tier as an untrusted command would be run in it, and as a server would. */
export async function tryTier(
  machine: IsolationMachine,
  tier: IsolationTier,
  folder: string,
): Promise<{ readonly alone: AttackOutcome; readonly asServer: AttackOutcome }> {
  const uid = weAreRoot() ? ATTACKER_UID : undefined;
  const attack = async (alone: boolean): Promise<AttackOutcome> => {
    const ground = await prepareAttackGround(folder, uid);
    try {
      return await attackTier(machine, tier, ground, { alone, uid, limits: DEFAULT_LIMITS });
    } finally {
      await ground.close();
    }
  };
  const alone = await attack(true);
  return { alone, asServer: alone.runs && hasNamespaces(tier) ? await attack(false) : alone };
}

async function tryTiers(machine: IsolationMachine, folder: string): Promise<Isolation> {
  const passedOver: string[] = [];
  let raise = machine.bubblewrap === undefined ? findInstaller() : undefined;
  for (const { tier, missing } of candidates(machine)) {
    if (missing !== undefined) {
      passedOver.push(`${tier}: ${missing}.`);
      continue;
    }
    const { alone, asServer } = await tryTier(machine, tier, folder);
    const broken = [alone, asServer].find((outcome) => !outcome.runs || isBroken(outcome.worked));
    if (alone.runs && asServer.runs && broken === undefined)
      return { tier, guarantees: guaranteesFrom(alone.worked, asServer.worked), passedOver, raise };
    passedOver.push(`${tier}: ${troubleOf(broken)}.`);
    // A machine that lets us make no namespaces lets bubblewrap make none either.
    if (tier === 'namespaces') raise = undefined;
  }
  return { tier: 'none', guarantees: [NOTHING], passedOver, raise };
}

const NOTHING =
  'Nothing on this machine keeps them apart from your files and processes, so none are run unless you allow it.';

function findInstaller(): string | undefined {
  return [...INSTALLERS].find(([program]) => existsSync(program))?.[1];
}

function candidates(
  machine: IsolationMachine,
): readonly { readonly tier: IsolationTier; readonly missing: string | undefined }[] {
  const { launcherTrouble } = machine;
  return [
    { tier: 'bubblewrap', missing: machine.bubblewrap === undefined ? 'bwrap is not installed' : undefined },
    { tier: 'namespaces', missing: launcherTrouble ?? (machine.unshare ? undefined : 'unshare is not installed') },
    { tier: 'landlock', missing: launcherTrouble },
    { tier: 'user', missing: weAreRoot() ? undefined : 'only root can run them as another user' },
  ];
}

function troubleOf(outcome: AttackOutcome | undefined): string {
  if (outcome === undefined || outcome.runs) return `attacks worked: ${outcome?.worked.join(', ')}`;
  return outcome.trouble.replace(/\.$/, '');
}

function weAreRoot(): boolean {
  return process.getuid?.() === 0;
}

/** Everything that what was found depends on; of our code, every file of this room and of the one that starts commands. */
async function keyOf(machine: IsolationMachine): Promise<string> {
  const hash = createHash('sha256');
  for (const file of [...(await codeIn('.')), ...(await codeIn('../machine'))]) hash.update(await readFile(file));
  const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => '');
  const { bubblewrap, unshare, prlimit, launcher, launcherTrouble, nodePath } = machine;
  const rest = [boot, release(), process.getuid?.(), bubblewrap, unshare, prlimit];
  hash.update(JSON.stringify([...rest, launcher.folder, launcherTrouble, nodePath, process.version]));
  return hash.digest('hex');
}

async function codeIn(room: string): Promise<readonly string[]> {
  const folder = join(import.meta.dirname, room);
  const names = (await readdir(folder)).filter((name) => /^[\w-]+\.[jt]s$/.test(name));
  return names.toSorted().map((name) => join(folder, name));
}

async function readKnown(file: string, key: string): Promise<Isolation | undefined> {
  try {
    const known = JSON.parse(await readFile(file, 'utf8')) as { readonly key: string; readonly isolation: Isolation };
    return known.key === key ? known.isolation : undefined;
  } catch {
    return undefined;
  }
}
