import type { PhaseSummary } from '../../domain/run.ts';
import type { RunEvent } from '../../domain/run-event.ts';
import type { OutputStream } from '../shell.ts';
import type { Progress, RunTitle } from './progress.ts';
import type { Style } from './style.ts';
import { firstLine, formatDuration, truncate } from './text.ts';

/** Columns of a message; what is longer is told at the end of the run. */
const MOST_COLUMNS = 300;

const WORDS: Readonly<Record<PhaseSummary['status'], string>> = {
  ok: 'ok',
  warned: 'warn',
  skipped: 'skip',
  failed: 'FAIL',
};

/** A line per finished phase, for logs and for programs that read along: nothing is drawn over. */
export function plainProgress(stderr: OutputStream, style: Style, title: RunTitle): Progress {
  const write = (line: string): unknown => stderr.write(`${style.text(line)}\n`);
  const told = new Set<string>();
  write(`turbobackend ${title.version}  ${[title.doing, ...title.facts].join(' · ')}`);
  return {
    show: (event) => {
      const line = plainLine(event);
      // A warning is often the message with which its phase ends.
      if (event.type === 'warning') told.add(event.message);
      if (
        line !== undefined &&
        !(event.type === 'phase-ended' && event.status === 'warned' && told.has(event.message))
      ) {
        write(line);
      }
    },
    note: write,
    end: () => undefined,
  };
}

/** The line of an event; undefined for those that only say that something goes on. */
export function plainLine(event: RunEvent): string | undefined {
  switch (event.type) {
    case 'phase-ended':
      return entry(event.phase, WORDS[event.status], `${shown(event.message)} (${formatDuration(event.durationMs)})`);
    case 'warning':
      return entry(event.phase, 'warn', shown(event.message));
    case 'undo':
      return entry('undo', '', shown(event.message));
    case 'run-resumed':
      return entry('resumed', '', shown(event.message));
    case 'phase-progress':
      return isTurn(event.message) ? entry(event.phase, '', shown(event.message)) : undefined;
    case 'run-started':
    case 'phase-started':
    case 'run-ended':
      return undefined;
  }
}

/** What a model does turn by turn: minutes may go by between two phases' ends. */
function isTurn(message: string): boolean {
  return /^(Turn \d+: |Refused: |What was written by then: )/.test(message);
}

function shown(message: string): string {
  return truncate(firstLine(message), MOST_COLUMNS, '…');
}

function entry(subject: string, word: string, message: string): string {
  return `${subject.padEnd(9)} ${word.padEnd(5)} ${message}`;
}
