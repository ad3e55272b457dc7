import { TurboError } from '../domain/errors.ts';

/** What breaks while code is written, as the error that a run ends with; an abort stays what it is. */
export async function orCodeFailed<T>(name: string, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (signal.aborted || cause instanceof TurboError) throw cause;
    throw new TurboError('CODE_FAILED', `Could not write the code of ${name}`, { cause, phase: 'code' });
  }
}
