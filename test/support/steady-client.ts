import { setTimeout as delay } from 'node:timers/promises';

/** What a client with a request every 20 ms saw. */
export interface SteadyClient {
  /** Ends it, once every request was answered. */
  stop(): Promise<{ readonly asked: number; readonly failed: readonly string[]; readonly slowestMs: number }>;
}

export interface SteadyRequest {
  readonly path: string;
  readonly method?: 'POST' | 'PATCH';
  readonly body?: Readonly<Record<string, unknown>>;
}

const EVERY_MS = 20;

/** Sends 50 requests a second, `next` of them one after the other, whether or not the ones before were answered. */
export function startSteadyClient(url: string, next: (count: number) => SteadyRequest): SteadyClient {
  const stopping = new AbortController();
  const failed: string[] = [];
  const under: Promise<void>[] = [];
  let slowestMs = 0;
  const send = async ({ path, method, body }: SteadyRequest): Promise<void> => {
    const startedAtMs = performance.now();
    const name = `${method ?? 'GET'} ${path}`;
    try {
      const answer = await fetch(url + path, {
        ...(method && { method, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
      });
      const text = await answer.text();
      if (!answer.ok) failed.push(`${name}: ${answer.status} ${text.slice(0, 200)}`);
    } catch (error) {
      failed.push(`${name}: ${String((error as Error).cause ?? error)}`);
    }
    slowestMs = Math.max(slowestMs, Math.round(performance.now() - startedAtMs));
  };
  const running = (async () => {
    const startedAtMs = performance.now();
    for (let count = 0; !stopping.signal.aborted; count += 1) {
      under.push(send(next(count)));
      await delay(Math.max(0, startedAtMs + (count + 1) * EVERY_MS - performance.now()));
    }
  })();
  return {
    async stop() {
      stopping.abort();
      await running;
      await Promise.all(under);
      return { asked: under.length, failed, slowestMs };
    },
  };
}
