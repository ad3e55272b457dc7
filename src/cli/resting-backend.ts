import type { TurboBackend } from '../turbobackend.ts';

/** Longer than any call may take. */
const IDLE_MS = 15 * 60_000;

/** A backend that is opened when it is first asked for, closed again when nobody has asked for long, and so on. */
export class RestingBackend {
  readonly #open: () => Promise<TurboBackend>;
  readonly #idleMs: number;
  #opened: Promise<TurboBackend> | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(open: () => Promise<TurboBackend>, idleMs = IDLE_MS) {
    this.#open = open;
    this.#idleMs = idleMs;
  }

  /** Opens it anew after it could not be opened. */
  open(): Promise<TurboBackend> {
    this.#restLater();
    this.#opened ??= this.#open();
    this.#opened.catch(() => (this.#opened = undefined));
    return this.#opened;
  }

  async close(): Promise<void> {
    clearTimeout(this.#timer);
    const opened = this.#opened;
    this.#opened = undefined;
    await (await opened?.catch(() => undefined))?.close();
  }

  #restLater(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#rest().catch(() => undefined);
    }, this.#idleMs);
    this.#timer.unref();
  }

  /** Not while a run is under way, which may well take longer than the call that began it. */
  async #rest(): Promise<void> {
    const runs = await (await this.#opened)?.countRuns();
    if (runs && runs.running + runs.queued > 0) this.#restLater();
    else await this.close();
  }
}
