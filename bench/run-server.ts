import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

const PATIENCE_MS = 30_000;

export interface ServerOrder {
  readonly nodePath: string;
  readonly script: string;
  readonly directory: string;
  /** All that it sees, but for HOST and PORT. */
  readonly environment: Readonly<Record<string, string>>;
  readonly port: number;
  /** Kills it when aborted. */
  readonly signal: AbortSignal;
}

export interface Server {
  readonly pid: number;
  readonly url: string;
  stop(): Promise<void>;
}

/** Starts a server of Node's; it may not be listening yet. */
export async function runServer(order: ServerOrder): Promise<Server> {
  const { nodePath, script, directory, environment, port, signal } = order;
  const child = spawn(nodePath, [script], {
    cwd: directory,
    env: { NODE_ENV: 'production', TZ: 'UTC', ...environment, HOST: '127.0.0.1', PORT: String(port) },
    stdio: ['ignore', 'ignore', 'inherit'],
    signal,
    killSignal: 'SIGKILL',
  });
  await once(child, 'spawn');
  // How it ends is its own affair from here on: whoever waits for its port finds out.
  child.on('error', () => {});
  const ended = once(child, 'close').catch(() => []);
  return {
    pid: child.pid ?? 0,
    url: `http://127.0.0.1:${port}`,
    async stop() {
      child.kill('SIGTERM');
      await Promise.race([ended, sleep(3000, undefined, { ref: false })]);
      child.kill('SIGKILL');
      await ended;
    },
  };
}

/** Resolves as soon as somebody accepts connections there. */
export async function untilListening(port: number): Promise<void> {
  for (const deadlineMs = performance.now() + PATIENCE_MS; !(await accepts(port));) {
    if (performance.now() > deadlineMs) throw new Error(`Nothing listens on port ${port} after ${PATIENCE_MS} ms`);
    await sleep(3);
  }
}

async function accepts(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
