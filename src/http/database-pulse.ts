import { setTimeout as delay } from 'node:timers/promises';

const BEAT_MS = 2000;
const PATIENCE_MS = 3000;

/** How long the database has been away, as one look every two seconds finds. */
export class DatabasePulse {
  readonly #stopping = new AbortController();
  readonly #look: () => Promise<void>;
  #awaySinceMs: number | undefined;

  /** `look` rejects while the database cannot be reached. */
  constructor(look: () => Promise<void>) {
    this.#look = look;
  }

  async start(): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      const isThere = await Promise.race([this.#look().then(isSo, isNot), delay(PATIENCE_MS, false, { ref: false })]);
      if (isThere) this.#awaySinceMs = undefined;
      else this.#awaySinceMs ??= performance.now();
      await delay(BEAT_MS, undefined, { signal, ref: false }).catch(() => undefined);
    }
  }

  /** In seconds; 0 while it is there. */
  get awaySeconds(): number {
    return this.#awaySinceMs === undefined ? 0 : (performance.now() - this.#awaySinceMs) / 1000;
  }

  stop(): void {
    this.#stopping.abort();
  }
}

function isSo(): boolean {
  return true;
}

function isNot(): boolean {
  return false;
}
