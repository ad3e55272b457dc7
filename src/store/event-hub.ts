import { setTimeout as delay } from 'node:timers/promises';
import type { Pool } from 'pg';
import { TurboError } from '../domain/errors.ts';
import type { RunId } from '../domain/ids.ts';
import type { RunEvent } from '../domain/run-event.ts';
import { type ControlConnection, openControlClient } from './open-control-pool.ts';
import { type EventPage, readEvents, RUN_EVENTS_CHANNEL } from './run-events.ts';

const PAGE_SIZE = 500;
const POLL_MS = 2000;
const RECONNECT_MS = 250;

interface Watcher {
  /** The newest event that it was given. */
  seq: number;
  readonly waiting: RunEvent[];
  /** Set when nothing more will come. */
  ended: boolean;
  failure: unknown;
  wake: () => void;
}

interface WatchedRun {
  readonly watchers: Set<Watcher>;
  reading: boolean;
  /** True when the log may have grown since the read that is under way began. */
  stale: boolean;
}

/**
 * Live event logs for any number of watchers in this process: one LISTEN connection, which is opened for the first
 * watcher, and one read per run each time its log has grown. A poll every 2 seconds covers what a broken connection lost.
 */
export class EventHub {
  readonly #connection: ControlConnection;
  readonly #pool: Pool;
  readonly #runs = new Map<RunId, WatchedRun>();
  readonly #closing = new AbortController();
  #listener: Promise<void> | undefined;
  #poll: NodeJS.Timeout | undefined;

  constructor(connection: ControlConnection, pool: Pool) {
    this.#connection = connection;
    this.#pool = pool;
  }

  /**
   * The run's events with a seq above `afterSeq` in order, each once, up to and including the terminal one. Ends early
   * when the signal aborts or the hub is closed. Rejects with `RUN_NOT_FOUND`.
   */
  async *watch(runId: RunId, afterSeq = 0, signal?: AbortSignal): AsyncGenerator<RunEvent, void, undefined> {
    const watcher: Watcher = { seq: afterSeq, waiting: [], ended: false, failure: undefined, wake: () => undefined };
    const stop = (): void => end(watcher);
    const stops = AbortSignal.any([this.#closing.signal, ...(signal ? [signal] : [])]);
    if (stops.aborted) return;
    stops.addEventListener('abort', stop, { once: true });
    this.#add(runId, watcher);
    try {
      for (;;) {
        while (watcher.waiting.length > 0) yield watcher.waiting.shift()!;
        if (watcher.failure) throw watcher.failure;
        if (watcher.ended) return;
        await new Promise<void>((resolve) => (watcher.wake = resolve));
      }
    } finally {
      stops.removeEventListener('abort', stop);
      this.#remove(runId, watcher);
    }
  }

  /** Ends every watch and lets go of the connection. */
  async close(): Promise<void> {
    this.#closing.abort();
    clearInterval(this.#poll);
    await this.#listener;
  }

  #add(runId: RunId, watcher: Watcher): void {
    const run = this.#runs.get(runId) ?? { watchers: new Set(), reading: false, stale: false };
    run.watchers.add(watcher);
    this.#runs.set(runId, run);
    this.#listener ??= this.#listen();
    this.#poll ??= setInterval(() => this.#readAll(), POLL_MS);
    void this.#read(runId);
  }

  #remove(runId: RunId, watcher: Watcher): void {
    const run = this.#runs.get(runId);
    run?.watchers.delete(watcher);
    if (run?.watchers.size === 0) this.#runs.delete(runId);
    if (this.#runs.size > 0) return;
    clearInterval(this.#poll);
    this.#poll = undefined;
  }

  #readAll(): void {
    for (const runId of this.#runs.keys()) void this.#read(runId);
  }

  /** One read at a time per run; a wake during a read is answered by one more. */
  async #read(runId: RunId): Promise<void> {
    const run = this.#runs.get(runId);
    if (!run) return;
    run.stale = true;
    if (run.reading) return;
    run.reading = true;
    while (run.stale && run.watchers.size > 0) {
      run.stale = false;
      const afterSeq = Math.min(...[...run.watchers].map((watcher) => watcher.seq));
      // A failed read is made up for by the next wake or poll.
      const page = await readEvents(this.#pool, runId, afterSeq, PAGE_SIZE).catch(() => 'unreadable' as const);
      if (page === 'unreadable') break;
      run.stale ||= page?.events.length === PAGE_SIZE;
      for (const watcher of run.watchers) if (watcher.seq >= afterSeq) hand(watcher, runId, page);
    }
    run.reading = false;
  }

  /** Keeps one connection listening until the hub is closed. */
  async #listen(): Promise<void> {
    const { signal } = this.#closing;
    while (!signal.aborted) {
      await this.#listenOnce().catch(() => undefined);
      await delay(RECONNECT_MS, undefined, { signal }).catch(() => undefined);
    }
  }

  /** Settles when the connection is lost or the hub is closed. */
  async #listenOnce(): Promise<void> {
    const client = await openControlClient(this.#connection);
    const lost = new Promise<void>((resolve) => {
      client.on('error', () => resolve());
      client.on('end', () => resolve());
      this.#closing.signal.addEventListener('abort', () => resolve(), { once: true });
      // It may have been closed while it connected.
      if (this.#closing.signal.aborted) resolve();
    });
    client.on('notification', ({ payload }) => void this.#read(payload as RunId));
    try {
      await client.query(`LISTEN ${RUN_EVENTS_CHANNEL}`);
      // What was told while nobody listened.
      this.#readAll();
      await lost;
    } finally {
      await client.end().catch(() => undefined);
    }
  }
}

function hand(watcher: Watcher, runId: RunId, page: EventPage | undefined): void {
  if (!page) {
    watcher.failure = new TurboError('RUN_NOT_FOUND', `There is no run ${runId}`);
    return end(watcher);
  }
  const fresh = page.events.filter((event) => event.seq > watcher.seq);
  watcher.waiting.push(...fresh);
  watcher.seq = fresh.at(-1)?.seq ?? watcher.seq;
  if (page.closed && watcher.seq >= page.lastSeq) watcher.ended = true;
  if (fresh.length > 0 || watcher.ended) watcher.wake();
}

function end(watcher: Watcher): void {
  watcher.ended = true;
  watcher.wake();
}
