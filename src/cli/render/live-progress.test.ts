import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BLOG_EVENTS, FAILED_EVENTS, fakeOutput, toEvents, type FakeOutput } from '../../../test/support/cli-fakes.ts';
import { screenOf } from '../../../test/support/terminal-screen.ts';
import type { RunEvent } from '../../domain/run-event.ts';
import { liveProgress } from './live-progress.ts';
import type { Progress } from './progress.ts';
import { styleFor } from './style.ts';
import { textWidth } from './text.ts';

const TITLE = { version: '0.1.0', doing: 'creating blog', facts: ['planner: built-in'], hint: 'Ctrl-C cancels' };
const NOW_MS = 1_002_500;

interface Terminal {
  readonly columns?: number;
  readonly rows?: number;
  readonly environment?: Readonly<Record<string, string>>;
}

/** A live view on a fake terminal; `screen` tells what stands there now. */
function open({ columns = 80, rows = 24, environment = {} }: Terminal = {}): {
  stream: FakeOutput;
  progress: Progress;
  screen: () => readonly string[];
} {
  const stream = fakeOutput(columns, rows);
  const style = styleFor(stream, environment, true);
  const progress = liveProgress({ stream, style, now: () => NOW_MS, onExit: () => () => undefined }, TITLE);
  return { stream, progress, screen: () => screenOf(stream.written(), columns) };
}

function drawAll(events: readonly RunEvent[], terminal?: Terminal): readonly string[] {
  const { progress, screen } = open(terminal);
  for (const event of events) progress.show(event);
  progress.end();
  return screen();
}

test('a run in the middle: what is done, what goes on, what is to come, and how far it is', () => {
  const middle = BLOG_EVENTS.findIndex((event) => event.type === 'phase-progress') + 1;
  assert.deepEqual(drawAll(BLOG_EVENTS.slice(0, middle)), [
    '',
    'turbobackend 0.1.0  creating blog  planner: built-in',
    '',
    '  ✓ detect     Needs a database: users, posts and comments persist 120ms',
    '  ✓ design     3 tables, 14 columns, 3 foreign keys, 5 indexes 120ms',
    '               ! Comments belong to posts: a guess',
    '  ✓ provision  Postgres 18.4 · database tb_k3x9 · role tb_k3x9_app 120ms',
    '  ✓ sandbox    local process sandbox · .env written (5 DB_* variables) 120ms',
    '  ⠋ code       src/routes/posts.ts (9/14) 1.5s',
    '  ○ verify',
    '  ○ publish',
    '  ○ deploy',
    '',
    '  ━━━━━━━━━━━━────────────  50%  2.5s  Ctrl-C cancels',
    '',
  ]);
});

test('at the end the phases stand, without bar and hint', () => {
  const screen = drawAll(BLOG_EVENTS);
  assert.equal(screen.length, 13);
  assert.equal(screen.at(-2), '  ✓ deploy     healthy on port 4310 120ms');
  assert.equal(screen.filter((line) => line.includes('✓')).length, 8);
});

test('a failed run shows what failed and what was taken back, and nothing that never began', () => {
  assert.deepEqual(drawAll(FAILED_EVENTS).slice(3), [
    '  ! detect     Could not tell 5ms',
    '  ✗ design     No table 30ms',
    '  ↩ Database tb_k3x9 dropped',
    '',
  ]);
});

test('on a narrow terminal no line of a frame wraps', () => {
  const { stream, progress, screen } = open({ columns: 40 });
  for (const event of BLOG_EVENTS.slice(0, -1)) progress.show(event);
  progress.end();
  // The title is written once and may wrap; the frame is what gets drawn over.
  const frame = screen().slice(4);
  assert.equal(frame.length, 12);
  for (const line of frame) assert.ok(textWidth(line) < 40, line);
  assert.match(frame[0] ?? '', /✓ detect {5}Needs a.*… 120ms$/);
  assert.doesNotMatch(stream.written(), /Ctrl-C cancels/);
});

test('on a low terminal it shows the current phase and the bar alone', () => {
  const screen = drawAll(BLOG_EVENTS.slice(0, 2), { rows: 6 });
  assert.equal(screen.length, 6);
  assert.deepEqual(screen.slice(3), [
    '  ⠋ detect     2.4s',
    '  ────────────────────────   0%  2.5s  Ctrl-C cancels',
    '',
  ]);
});

test('a resized terminal is drawn to its new width, over the rows into which it broke the old lines', () => {
  const { stream, progress } = open({ columns: 80 });
  for (const event of BLOG_EVENTS.slice(0, 6)) progress.show(event);
  const before = stream.written().length;
  stream.resize(40);
  const redrawn = stream.written().slice(before);
  progress.end();
  // Eleven lines, of which detect, design, its warning and the bar with its hint took two rows at half the width.
  assert.match(redrawn, /^\r\p{Cc}\[15A/u);
  for (const line of screenOf(redrawn.slice('\r\u001b[15A'.length), 40)) assert.ok(textWidth(line) < 40, line);
});

test('a note stands above the phases, and the hint it replaces is gone', () => {
  const { progress, screen } = open();
  for (const event of BLOG_EVENTS.slice(0, 3)) progress.show(event);
  progress.note('Cancelling.');
  progress.end();
  assert.deepEqual(screen().slice(2, 5), [
    '',
    '  Cancelling.',
    '  ✓ detect     Needs a database: users, posts and comments persist 120ms',
  ]);
  assert.doesNotMatch(screen().join('\n'), /Ctrl-C/);
});

test('NO_COLOR leaves no colour, LANG=C no sign beyond ASCII, and what is hidden is shown again', () => {
  const { stream, progress } = open({ environment: { NO_COLOR: '1', LANG: 'C' } });
  for (const event of BLOG_EVENTS) progress.show(event);
  progress.end();
  progress.end();
  const sequences = new Set(
    stream
      .written()
      .match(/\p{Cc}\[[^A-Za-z]*[A-Za-z]/gu)
      ?.map((text) => text.replace(/\d+A/, 'nA')),
  );
  assert.deepEqual(sequences, new Set(['\u001b[?25l', '\u001b[nA', '\u001b[K', '\u001b[J', '\u001b[?25h']));
  assert.match(stream.written(), /^\p{ASCII}*$/u);
  assert.ok(stream.written().endsWith('\u001b[?25h'));
});

test('a phase that begins again after a crash is drawn as going on, and text from outside cannot steer the terminal', () => {
  const events = toEvents([
    { type: 'phase-started', phase: 'code', message: '' },
    { type: 'warning', phase: 'code', message: 'slow' },
    { type: 'run-resumed', message: 'carried on' },
    { type: 'phase-started', phase: 'code', message: 'a\u001b[2Jgain\nand more' },
  ]);
  assert.ok(drawAll(events).includes('  ⠋ code       again 2.2s'));
});
