import type { ChildProcess } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import type { CommandEnd, TestHome } from './cli.ts';
import { callHttp } from './http-service.ts';

/** `serve` as a process of its own. */
export interface Serving {
  readonly url: string;
  /** True while the process is there. */
  isLive(): boolean;
  /** Asks it to stop and waits until it has. */
  stop(): Promise<CommandEnd>;
}

/** Starts `serve` on a free port of this machine. `started` is told of its process. */
export function startServing(
  home: TestHome,
  started: (child: ChildProcess) => void,
  ...args: readonly string[]
): Promise<Serving> {
  return new Promise((resolve, reject) => {
    let isLive = true;
    const ended = home.start(['serve', '--port', '0', '--json', ...args], (line, child) => {
      const { type, url } = JSON.parse(line) as { type: string; url: string };
      if (type !== 'listening') return;
      started(child);
      const stop = (): Promise<CommandEnd> => {
        child.kill('SIGTERM');
        return ended;
      };
      resolve({ url, isLive: () => isLive, stop });
    });
    void ended.finally(() => (isLive = false));
    void ended.then((end) => reject(new Error(`serve ended with ${end.exitCode}: ${end.stdout}${end.stderr}`)));
  });
}

/** Hands a prompt in and resolves to its run. */
export async function createOver(url: string, name: string): Promise<string> {
  const response = await callHttp(`${url}/v1/projects`, { body: { prompt: `a ${name} with items`, name } });
  if (response.status !== 202) throw new Error(`${response.status}: ${await response.text()}`);
  return ((await response.json()) as { runId: string }).runId;
}

export interface RunAnswer {
  readonly status: string;
  readonly error?: unknown;
}

/** Waits for the run's end; a service whose database is away for a moment is asked again. */
export async function endOf(url: string, runId: string): Promise<RunAnswer> {
  for (;;) {
    const response = await callHttp(`${url}/v1/runs/${runId}?waitSeconds=20`);
    const answer = (await response.json()) as RunAnswer;
    if (response.ok && !['queued', 'running'].includes(answer.status)) return answer;
    await delay(100);
  }
}
