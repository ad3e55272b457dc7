/** What a fake provider does wrong. Without `status`, `body` or `reset` it does the request as usual, after `delayMs`. */
export interface Fault {
  /** Any method when left out. */
  readonly method?: string;
  readonly path: RegExp;
  /** How many requests it befalls before the fake behaves again. */
  readonly times: number;
  /** Answered instead, nothing done. */
  readonly status?: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** The connection is cut, nothing done. */
  readonly reset?: boolean;
  /** What was asked for is done first; only then is the answer lost, or replaced by `status`. */
  readonly after?: boolean;
  /** Waited before anything else. */
  readonly delayMs?: number;
  readonly onHit?: () => void;
}

/** The faults that a fake has still to commit; the first that fits a request is used up by it. */
export class FaultList {
  #faults: { readonly fault: Fault; left: number }[] = [];

  add(...faults: readonly Fault[]): void {
    this.#faults.push(...faults.map((fault) => ({ fault, left: fault.times })));
  }

  /** `path` is the request's, without its query. */
  take(method: string, path: string): Fault | undefined {
    const found = this.#faults.find(({ fault, left }) => left > 0 && fits(fault, method, path));
    if (!found) return undefined;
    found.left -= 1;
    found.fault.onHit?.();
    return found.fault;
  }

  /** What was never committed, so that a test notices a fault that met no request. */
  get unused(): readonly Fault[] {
    return this.#faults.filter(({ fault, left }) => left === fault.times).map(({ fault }) => fault);
  }

  /** All of them, or those for one path. */
  clear(path?: RegExp): void {
    this.#faults = path === undefined ? [] : this.#faults.filter(({ fault }) => fault.path !== path);
  }
}

function fits({ method, path }: Fault, asked: string, askedPath: string): boolean {
  return (method === undefined || method === asked) && path.test(askedPath);
}
