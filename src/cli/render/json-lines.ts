import type { OutputStream } from '../shell.ts';
import type { Progress } from './progress.ts';

/** Every event as a line of JSON; the last line is the run's result, which is what the terminal event holds. */
export function jsonLines(stdout: OutputStream, note: (text: string) => void): Progress {
  return {
    show: (event) => {
      stdout.write(`${JSON.stringify(event.type === 'run-ended' ? event.result : event)}\n`);
    },
    note,
    end: () => undefined,
  };
}
