import type { Shell, Signal } from './shell.ts';

/** How a command hears of Ctrl-C, SIGTERM and a reader that has gone. */
export interface Interrupts {
  /** Aborts when the command has to stop waiting and let go. */
  readonly signal: AbortSignal;
  /** What the interruption asks the process to end with; undefined while there was none. */
  readonly exitCode: number | undefined;
  /**
   * While `work` goes on there is a run at stake, and interruptions go to it first. Once it can be cancelled, a reader
   * that has gone stops nothing: what was begun is brought to its end.
   */
  whileCarrying<T>(run: CarriedRun, work: () => Promise<T>): Promise<T>;
  dispose(): void;
}

/** What becomes of a run that is interrupted. */
interface CarriedRun {
  /** The first Ctrl-C: the run is to end and undo, and is waited for. Undefined: it is let go like anything else. */
  readonly cancel?: (() => void) | undefined;
  /** The run is let go at a step boundary. */
  readonly park: () => void;
  /** The second Ctrl-C: the process ends right after. */
  readonly leave: () => void;
}

const EXIT_CODES: Readonly<Record<Signal, number>> = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 };

/** npm passes a Ctrl-C on to a child that the terminal has already sent it to: what comes this close is the same one. */
const SAME_PRESS_MS = 300;

/** Once lets go or cancels, twice leaves at once. `now` is a clock in milliseconds. */
export function catchInterrupts(shell: Shell, now: () => number = () => performance.now()): Interrupts {
  const controller = new AbortController();
  let carried: CarriedRun | undefined;
  let exitCode: number | undefined;
  let firstAt: number | undefined;

  const letGo = (code: number): void => {
    if (controller.signal.aborted) return;
    exitCode = code;
    if (code !== 0) carried?.park();
    controller.abort();
  };
  const leave = (code: number): void => {
    carried?.leave();
    shell.exit(code);
  };
  const stopListening = shell.onSignal((signal) => {
    const code = EXIT_CODES[signal];
    if (firstAt === undefined) {
      firstAt = now();
      if (signal === 'SIGINT' && carried?.cancel) carried.cancel();
      else letGo(code);
    } else if (now() - firstAt > SAME_PRESS_MS) {
      // Whoever asks to terminate after a Ctrl-C has not asked twice: the run can still be parked.
      if (signal === 'SIGINT' || controller.signal.aborted) leave(exitCode ?? code);
      else letGo(code);
    }
  });
  const stopWatchingPipes = shell.onBrokenPipe(() => {
    if (carried?.cancel === undefined) letGo(0);
  });

  return {
    signal: controller.signal,
    get exitCode() {
      return exitCode;
    },
    whileCarrying: async (run, work) => {
      carried = run;
      try {
        return await work();
      } finally {
        carried = undefined;
      }
    },
    dispose: () => {
      stopListening();
      stopWatchingPipes();
    },
  };
}

/** Settles as `promise` does, or rejects when `signal` aborts first; what becomes of `promise` then is of no interest. */
export async function abortable<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  const aborted = Promise.withResolvers<never>();
  const abort = (): void => aborted.reject(signal.reason);
  signal.addEventListener('abort', abort, { once: true });
  if (signal.aborted) abort();
  try {
    return await Promise.race([promise, aborted.promise]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
