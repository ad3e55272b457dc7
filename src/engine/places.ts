/**
 * Lets so many runs go on at a time in this process. The queue in the database has a limit as well, but that is the one
 * which the last process to start has set for all.
 */
export class Places {
  readonly #waiting: (() => void)[] = [];
  #free: number;

  constructor(count: number) {
    this.#free = count;
  }

  /** Resolves once there is a place, first come, first served. */
  async take(): Promise<void> {
    this.#free -= 1;
    if (this.#free < 0) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  giveBack(): void {
    this.#free += 1;
    this.#waiting.shift()?.();
  }
}
