import { spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  closeSync,
  openSync,
  readFileSync,
  symlinkSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { connect, type NetConnectOpts } from 'node:net';
import { join } from 'node:path';
import { CANARY, type AttackName, type AttackTargets } from './attack-targets.ts';

const ANSWER_MS = 1000;

/** Tries to get out, from inside, and prints which of the attacks worked as JSON. What it harms is there for that. */
async function attack(targets: AttackTargets): Promise<void> {
  const tries: Readonly<Record<AttackName, () => boolean | Promise<boolean>>> = {
    environment: () => holdsCanary('/proc/self/environ'),
    'process-environment': () => holdsCanary(`/proc/${targets.process}/environ`),
    'process-memory': () => mayBeTarget(targets) && opens(`/proc/${targets.process}/mem`),
    'process-signal': () => mayBeTarget(targets) && process.kill(targets.process, 0),
    'process-arguments': () => argumentsOf(targets.process).includes(targets.processArgument),
    'read-outside': () => holdsCanary(targets.secretFile),
    'read-through-process': () => holdsCanary(`/proc/${targets.process}/root${targets.secretFile}`),
    'read-through-link': () => holdsCanary(linkTo(targets.secretFile)),
    'read-other-project': () => holdsCanary(targets.otherProjectFile),
    'write-outside': () => writes(join(targets.outsideFolder, 'written-by-attack')),
    'truncate-outside': () => truncates(targets.secretFile),
    'change-mode': () => changesMode(targets.secretFile),
    namespaces: () => spawnSync('unshare', ['-U', 'true'], { stdio: 'ignore' }).status === 0,
    'connect-port': () => isAnswered({ host: '127.0.0.1', port: targets.port }),
    'connect-socket': () => isAnswered({ path: targets.socket }),
    'connect-address': () => isAnswered({ host: '127.0.0.2', port: targets.portElsewhere }),
    unlimited: () =>
      /^Max (processes|file size|data size)\s+unlimited/m.test(readFileSync('/proc/self/limits', 'utf8')),
    'leave-session': () => leavesSession(targets.survivorSeconds),
  };
  const worked: string[] = [];
  for (const [name, tryIt] of Object.entries(tries)) if (await works(tryIt)) worked.push(name);
  process.stdout.write(`${JSON.stringify({ worked })}\n`);
}

async function works(tryIt: () => boolean | Promise<boolean>): Promise<boolean> {
  try {
    return await tryIt();
  } catch {
    return false;
  }
}

function holdsCanary(path: string): boolean {
  return readFileSync(path, 'utf8').includes(CANARY);
}

/** In a process namespace another one may have its number. */
function mayBeTarget(targets: AttackTargets): boolean {
  const seen = argumentsOf(targets.process);
  return seen.length === 0 || seen.includes(targets.processArgument);
}

function argumentsOf(pid: number): readonly string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
  } catch {
    return [];
  }
}

function opens(path: string): boolean {
  closeSync(openSync(path, 'r+'));
  return true;
}

function linkTo(path: string): string {
  symlinkSync(path, 'link-by-attack');
  return 'link-by-attack';
}

function writes(path: string): boolean {
  writeFileSync(path, 'x');
  unlinkSync(path);
  return true;
}

function truncates(path: string): boolean {
  truncateSync(path, 1);
  return true;
}

function changesMode(path: string): boolean {
  chmodSync(path, 0o640);
  return true;
}

function isAnswered(options: NetConnectOpts): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const socket = connect(options);
  socket.setTimeout(ANSWER_MS, () => resolve(false));
  socket.once('data', () => resolve(true));
  socket.once('error', () => resolve(false));
  return promise.finally(() => socket.destroy());
}

/** Whether it worked is known only outside, when we have ended and it has or has not. */
function leavesSession(seconds: string): boolean {
  spawn('/bin/sleep', [seconds], { detached: true, stdio: 'ignore', env: {} })
    .on('error', () => undefined)
    .unref();
  return false;
}

await attack(JSON.parse(process.argv[2] ?? '{}') as AttackTargets);
process.exit(0);
