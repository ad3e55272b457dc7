import type { OutputStream } from '../shell.ts';
import { liveLines } from './live-lines.ts';
import type { Progress, RunTitle } from './progress.ts';
import { applyEvent, EMPTY_RUN_VIEW } from './run-view.ts';
import type { Style } from './style.ts';
import { oneLine, textWidth } from './text.ts';

const FRAME_MS = 100;
const HIDE_CURSOR = '\u001b[?25l';
const SHOW_CURSOR = '\u001b[?25h';
const CLEAR_LINE_END = '\u001b[K';
const CLEAR_BELOW = '\u001b[J';

export interface LiveTerminal {
  readonly stream: OutputStream;
  readonly style: Style;
  /** Unix milliseconds. */
  readonly now: () => number;
  /** See `Shell.onExit`: whatever ends the process, the cursor comes back. */
  readonly onExit: (listener: () => void) => () => void;
}

/** The phases, drawn over in place until the run ends; then they stand like any other lines. */
export function liveProgress(terminal: LiveTerminal, title: RunTitle): Progress {
  const { stream, style, now } = terminal;
  let view = EMPTY_RUN_VIEW;
  let frame = 0;
  let hint = title.hint;
  let drawn: readonly string[] = [];
  let ended = false;

  const draw = (): void => {
    const size = { columns: columnsOf(stream), rows: stream.rows ?? 24 };
    const lines = liveLines(view, { style, frame, nowMs: now(), hint, ...size });
    stream.write(`${cursorUp(drawn, columnsOf(stream))}${lines.map(drawLine).join('')}${CLEAR_BELOW}`);
    drawn = lines;
  };
  const timer = setInterval(() => {
    frame += 1;
    draw();
  }, FRAME_MS);
  const showCursor = (): unknown => stream.write(SHOW_CURSOR);
  const forgetExit = terminal.onExit(showCursor);

  stream.write(`${HIDE_CURSOR}\n${titleLine(style, title)}\n\n`);
  stream.on('resize', draw);
  draw();

  return {
    show: (event) => {
      view = applyEvent(view, event);
      draw();
    },
    note: (text) => {
      // What the note says takes the place of what it said Ctrl-C would do.
      hint = '';
      stream.write(`${cursorUp(drawn, columnsOf(stream))}${drawLine(`  ${style.text(oneLine(text))}`)}${CLEAR_BELOW}`);
      drawn = [];
      draw();
    },
    end: () => {
      if (ended) return;
      ended = true;
      clearInterval(timer);
      stream.off('resize', draw);
      forgetExit();
      showCursor();
    },
  };
}

function titleLine({ paint, text }: Style, title: RunTitle): string {
  const facts = paint('dim', text(title.facts.join(' · ')));
  return `${paint('bold', 'turbobackend')} ${paint('dim', title.version)}  ${oneLine(title.doing)}  ${facts}`.trimEnd();
}

function columnsOf(stream: OutputStream): number {
  return stream.columns === undefined || stream.columns < 1 ? 80 : stream.columns;
}

/** To the first of the lines drawn before. A terminal that has become narrower has broken them into several rows each. */
function cursorUp(drawn: readonly string[], columns: number): string {
  const rows = drawn.reduce((sum, line) => sum + Math.max(1, Math.ceil(textWidth(line) / columns)), 0);
  return rows === 0 ? '\r' : `\r\u001b[${rows}A`;
}

// Written over instead of cleared before, so that nothing flickers.
function drawLine(line: string): string {
  return `${line}${CLEAR_LINE_END}\n`;
}
