import { setTimeout as delay } from 'node:timers/promises';
import type { RunId } from '../../src/domain/ids.ts';
import { Secret } from '../../src/domain/secret.ts';
import { type ControlConnection, openControlPool } from '../../src/store/open-control-pool.ts';
import { appendEvent } from '../../src/store/run-events.ts';

// A process that writes events to a run's log, for a test in another process to watch.

export interface WriterSettings {
  readonly connection: Omit<ControlConnection, 'password'>;
  readonly password: string;
  readonly runId: RunId;
  /** The writer's keys begin with it. */
  readonly name: string;
  readonly events: number;
}

async function write({ connection, password, runId, name, events }: WriterSettings): Promise<void> {
  const pool = openControlPool({ ...connection, password: new Secret(password) });
  for (let number = 0; number < events; number += 1) {
    // Every third one twice, as a replay does.
    for (const key of number % 3 ? [number] : [number, number]) {
      const body = { type: 'phase-progress', phase: 'code', message: `${name} ${number}` } as const;
      await appendEvent(pool, runId, `${name}:${key}`, body, number % 90, Date.now());
    }
    await delay(Math.random() * 5);
  }
  await pool.end();
  process.disconnect();
}

process.once('message', (settings) => void write(settings as WriterSettings));
