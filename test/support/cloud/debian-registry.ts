import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** The password of the user `x` at `startDebianRegistry`, which knows its bcrypt hash alone. */
export const DEBIAN_REGISTRY_TOKEN = 'registry-token-1';

const PROGRAM = 'docker-registry';
const HASH = '$2y$04$abcdefghijklmnopqrstuuJMtOjj3.bg64IszcpKa9Jy6mQWMMmdO';

/** Why a test cannot use the program; false when it can. */
export function missing(...programs: readonly string[]): string | false {
  const absent = programs.filter((program) => spawnSync(program, ['--version']).error !== undefined);
  return absent.length === 0 ? false : `${absent.join(' and ')} not installed`;
}

/** A registry that others wrote: Debian's package `docker-registry`, with its own check of the password. */
export async function startDebianRegistry(folder: string): Promise<{ readonly url: string; stop(): Promise<void> }> {
  const port = await freePort();
  mkdirSync(join(folder, 'blobs'), { recursive: true });
  writeFileSync(join(folder, 'users'), `x:${HASH}\n`);
  const settings = {
    version: 0.1,
    log: { level: 'error' },
    storage: { filesystem: { rootdirectory: join(folder, 'blobs') } },
    http: { addr: `127.0.0.1:${port}` },
    auth: { htpasswd: { realm: 'registry', path: join(folder, 'users') } },
  };
  // JSON is YAML.
  writeFileSync(join(folder, 'settings.yml'), JSON.stringify(settings));
  const server = spawn(PROGRAM, ['serve', join(folder, 'settings.yml')], { stdio: 'ignore' });
  const url = `http://127.0.0.1:${port}`;
  await answers(url, server);
  return {
    url,
    stop: async () => {
      const gone = once(server, 'exit');
      server.kill('SIGKILL');
      await gone;
    },
  };
}

async function answers(url: string, server: ChildProcess): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt += 1) {
    if (server.exitCode !== null) throw new Error(`docker-registry ended with ${server.exitCode}`);
    const response = await fetch(`${url}/v2/`).catch(() => undefined);
    if (response?.status === 401) return;
    await sleep(25);
  }
  throw new Error('docker-registry does not answer');
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}
