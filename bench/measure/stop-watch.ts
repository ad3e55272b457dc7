/** Times steps that follow one another, each from the end of the one before. Runs from when it is made. */
export class StopWatch<Step extends string> {
  readonly #startedMs = performance.now();
  readonly #laps: Partial<Record<Step, number>> = {};
  #lapMs = this.#startedMs;

  /** Ends the step. */
  lap(step: Step): void {
    const nowMs = performance.now();
    this.#laps[step] = nowMs - this.#lapMs;
    this.#lapMs = nowMs;
  }

  /** Milliseconds of each step, and under `total` of all of them. */
  laps(total: Step): Readonly<Partial<Record<Step, number>>> {
    return { ...this.#laps, [total]: this.#lapMs - this.#startedMs };
  }
}
