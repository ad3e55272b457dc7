import { setTimeout as delay } from 'node:timers/promises';
import type { Client, Pool } from 'pg';
import type { RunId } from '../domain/ids.ts';
import { type ControlConnection, openControlClient } from '../store/open-control-pool.ts';
import { RUN_CANCEL_CHANNEL } from '../store/runs.ts';
import { PATIENT_WITH_DATABASES, withRetries } from '../domain/transient-failure.ts';

const LEASE_MS = 10_000;
const RECONNECT_MS = 100;

/** The first key of the advisory locks that executors hold; the second is their id's hash. */
export const EXECUTOR_LOCKS = 7401;

export interface WorkerLeaseOptions {
  readonly connection: ControlConnection;
  readonly pool: Pool;
  readonly executorId: string;
  readonly abi: number;
  /** Called for every run that someone asks to cancel. */
  readonly onCancel: (runId: RunId) => void;
}

/**
 * What shows others that this process lives: a lock that falls the moment its connection does, and a row that runs out
 * when the process stands still. The lock's connection also listens for cancelled runs.
 */
export class WorkerLease {
  readonly #options: WorkerLeaseOptions;
  readonly #released = new AbortController();
  #line: Promise<void> | undefined;
  #renewedAtMs = 0;
  #healthySinceMs = 0;

  constructor(options: WorkerLeaseOptions) {
    this.#options = options;
  }

  /** Resolves once the lock and the row are there. */
  async hold(): Promise<void> {
    this.#line = this.#keep(await withRetries(PATIENT_WITH_DATABASES, () => this.#connect()));
    await withRetries(PATIENT_WITH_DATABASES, () => this.renew());
  }

  /** To be called every 2 seconds or so. */
  async renew(): Promise<void> {
    await this.#options.pool.query(
      `INSERT INTO tb.worker_leases (executor_id, abi, expires_at)
       VALUES ($1, $2, clock_timestamp() + $3 * interval '1 millisecond')
       ON CONFLICT (executor_id) DO UPDATE
          SET expires_at = excluded.expires_at`,
      [this.#options.executorId, this.#options.abi, LEASE_MS],
    );
    const now = performance.now();
    if (now - this.#renewedAtMs > 0.6 * LEASE_MS) this.#healthySinceMs = now;
    this.#renewedAtMs = now;
  }

  /**
   * True when the lease has been renewed in time for as long as one lasts. Before that others' leases say nothing: a
   * database that was away, or a process that stood still, finds all of them run out.
   */
  get trusted(): boolean {
    const now = performance.now();
    return now - this.#renewedAtMs < 0.6 * LEASE_MS && now - this.#healthySinceMs > LEASE_MS;
  }

  async release(): Promise<void> {
    await this.#options.pool
      .query('DELETE FROM tb.worker_leases WHERE executor_id = $1', [this.#options.executorId])
      // It runs out by itself.
      .catch(() => undefined);
    this.#released.abort();
    await this.#line;
  }

  async #connect(): Promise<Client> {
    const client = await openControlClient(this.#options.connection);
    client.on('notification', ({ payload }) => this.#options.onCancel(payload as RunId));
    try {
      await client.query('SELECT pg_advisory_lock($1, hashtext($2))', [EXECUTOR_LOCKS, this.#options.executorId]);
      await client.query(`LISTEN ${RUN_CANCEL_CHANNEL}`);
      return client;
    } catch (error) {
      await client.end().catch(() => undefined);
      throw error;
    }
  }

  /** Replaces the connection whenever it is lost. */
  async #keep(first: Client): Promise<void> {
    const { signal } = this.#released;
    let client: Client | undefined = first;
    while (!signal.aborted) {
      if (client) await lost(client, signal);
      await client?.end().catch(() => undefined);
      if (signal.aborted) return;
      // Shows at once that it was the connection that went, and not this process.
      const shown = this.renew().catch(() => undefined);
      client = await this.#connect().catch(() => undefined);
      await shown;
      if (!client) await delay(RECONNECT_MS, undefined, { signal }).catch(() => undefined);
    }
    await client?.end().catch(() => undefined);
  }
}

async function lost(client: Client, signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => {
    client.once('end', () => resolve());
    client.once('error', () => resolve());
    signal.addEventListener('abort', () => resolve(), { once: true });
    if (signal.aborted) resolve();
  });
}
