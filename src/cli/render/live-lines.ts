import type { PhaseView, RunView } from './run-view.ts';
import type { Style } from './style.ts';
import { firstLine, formatDuration, formatElapsed, textWidth, truncate } from './text.ts';

/** How a frame is drawn: which one, when, and on how much room. */
export interface Frame {
  readonly style: Style;
  /** Counts up; turns the spinner. */
  readonly frame: number;
  readonly nowMs: number;
  readonly columns: number;
  readonly rows: number;
  /** What Ctrl-C does. */
  readonly hint: string;
}

const LABEL_WIDTH = 10;
const BAR_WIDTH = 24;

/** The lines of one frame, none wider than the terminal and together never higher. */
export function liveLines(view: RunView, frame: Frame): readonly string[] {
  const phases = view.result === undefined ? view.phases : view.phases.flatMap(phaseAtEnd);
  const lines = [
    ...phases.flatMap((phase) => phaseLines(phase, frame)),
    ...view.undone.map((message) => detailLine(frame, frame.style.marks.undone, 'cyan', message, 1)),
    ...(view.result === undefined ? ['', statusLine(view, frame)] : []),
  ];
  if (lines.length < frame.rows || view.result !== undefined) return lines;
  return shortLines(view, frame);
}

/** When the run is over, what never began is left out, and what was cut short no longer turns. */
function phaseAtEnd(phase: PhaseView): readonly PhaseView[] {
  if (phase.status === 'pending') return [];
  return [phase.status === 'running' ? { ...phase, status: 'skipped' } : phase];
}

/** On a terminal too low for all: what goes on now, and how far it is. */
function shortLines(view: RunView, frame: Frame): readonly string[] {
  const running = view.phases.filter(({ status }) => status === 'running').slice(-1);
  return [...running.flatMap((phase) => phaseLines({ ...phase, warnings: [] }, frame)), statusLine(view, frame)];
}

function phaseLines(phase: PhaseView, frame: Frame): readonly string[] {
  const warnings = phase.warnings.filter((warning) => warning !== phase.message);
  return [
    phaseLine(phase, frame),
    ...warnings.map((warning) => detailLine(frame, frame.style.marks.warned, 'yellow', warning, 4 + LABEL_WIDTH)),
  ];
}

function phaseLine(phase: PhaseView, frame: Frame): string {
  const { paint, marks, text } = frame.style;
  const label = phase.phase.padEnd(LABEL_WIDTH);
  if (phase.status === 'pending') return fit(`  ${marks.pending} ${phase.phase}`, frame, (line) => paint('dim', line));
  const duration = durationOf(phase, frame.nowMs);
  const room = frame.columns - 1 - textWidth(`  x ${label} `) - (duration === '' ? 0 : duration.length + 1);
  const message = truncate(text(firstLine(phase.message)), Math.max(0, room), marks.ellipsis);
  const name = phase.status === 'running' ? paint('bold', label) : label;
  const texts = [message, duration && paint('dim', duration)].filter((part) => part !== '');
  return `  ${markOf(phase, frame)} ${name} ${texts.join(' ')}`.trimEnd();
}

function markOf(phase: PhaseView, { style: { paint, marks }, frame }: Frame): string {
  switch (phase.status) {
    case 'running':
      return paint('cyan', marks.spinner[frame % marks.spinner.length] ?? '');
    case 'ok':
      return paint('green', marks.ok);
    case 'warned':
      return paint('yellow', marks.warned);
    case 'failed':
      return paint('red', marks.failed);
    case 'skipped':
    case 'pending':
      return paint('dim', phase.status === 'skipped' ? marks.skipped : marks.pending);
  }
}

/** The time a phase took, or has taken so far. */
function durationOf(phase: PhaseView, nowMs: number): string {
  if (phase.status === 'skipped') return '';
  return phase.status === 'running' ? formatElapsed(nowMs - phase.startedAtMs) : formatDuration(phase.durationMs);
}

function detailLine(frame: Frame, mark: string, colour: 'yellow' | 'cyan', message: string, indent: number): string {
  const { paint, marks, text } = frame.style;
  const room = frame.columns - 1 - indent - 3;
  const line = truncate(text(firstLine(message)), Math.max(0, room), marks.ellipsis);
  return `${' '.repeat(indent + 1)}${paint(colour, mark)} ${line}`;
}

function statusLine(view: RunView, frame: Frame): string {
  const { paint, marks } = frame.style;
  const elapsed = formatElapsed(frame.nowMs - (view.startedAtMs ?? frame.nowMs));
  const figures = `${String(Math.round(view.percent)).padStart(3)}%  ${elapsed}`;
  const width = Math.max(0, Math.min(BAR_WIDTH, frame.columns - figures.length - 6));
  const full = Math.round((width * Math.min(100, view.percent)) / 100);
  const bar = paint('cyan', marks.barFull.repeat(full)) + paint('dim', marks.barEmpty.repeat(width - full));
  const hasRoom = frame.columns > width + figures.length + frame.hint.length + 6;
  return `  ${bar} ${figures}${hasRoom ? paint('dim', `  ${frame.hint}`) : ''}`;
}

function fit(line: string, { columns, style }: Frame, paint: (line: string) => string): string {
  return paint(truncate(line, columns - 1, style.marks.ellipsis));
}
