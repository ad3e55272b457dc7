import { spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { chmod, chown, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CANARY, type AttackTargets } from './launcher/attack-targets.ts';
import { listenFor, LOOPBACK, type Listener } from '../machine/listener.ts';

/** Something to attack, and a project's folder to attack it from. */
export interface AttackGround {
  readonly directory: string;
  readonly targets: AttackTargets;
  close(): Promise<void>;
}

/** `uid`: whom the attacker runs as, when we are root; another project's files then have yet another user. */
export async function prepareAttackGround(folder: string, uid: number | undefined): Promise<AttackGround> {
  const base = await mkdtemp(join(folder, 'attack-'));
  await chmod(base, 0o711);
  const [directory, other, outside] = [join(base, 'project'), join(base, 'other'), join(base, 'outside')];
  await makeFolder(directory, uid);
  await makeFolder(outside, undefined);
  await makeFolder(other, uid === undefined ? undefined : uid + 1);

  const processArgument = `60.${randomInt(1e9)}`;
  const victim = spawn('/bin/sleep', [processArgument], { env: { SECRET: CANARY }, stdio: 'ignore' });
  await once(victim, 'spawn');
  const socket = join(base, 'control.sock');
  const [control, named, elsewhere] = await Promise.all([greetAt(LOOPBACK), greetAt({ path: socket }), greetAt(OTHER)]);
  return {
    directory,
    targets: {
      process: victim.pid as number,
      processArgument,
      secretFile: join(outside, 'secret'),
      otherProjectFile: join(other, 'secret'),
      outsideFolder: outside,
      port: control.port,
      socket,
      portElsewhere: elsewhere.port,
      survivorSeconds: `97.${randomInt(1e9)}`,
    },
    async close() {
      victim.kill('SIGKILL');
      await Promise.all([control, named, elsewhere].map((listener) => listener.close()));
      await rm(base, { recursive: true, force: true });
    },
  };
}

const OTHER = { host: '127.0.0.2' };

async function makeFolder(path: string, owner: number | undefined): Promise<void> {
  const secret = join(path, 'secret');
  await mkdir(path, { mode: 0o700 });
  await writeFile(secret, CANARY, { mode: 0o600 });
  if (owner === undefined) return;
  await chown(secret, owner, owner);
  await chown(path, owner, owner);
}

function greetAt(place: Parameters<typeof listenFor>[0]): Promise<Listener> {
  return listenFor(place, (client) => void client.on('error', () => undefined).end('hello'));
}
