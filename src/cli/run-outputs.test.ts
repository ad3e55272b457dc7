import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BLOG_EVENTS, creatingBackend, RESULT, runCli } from '../../test/support/cli-fakes.ts';
import { screenOf } from '../../test/support/terminal-screen.ts';
import { CREATE_PHASES } from '../domain/run.ts';

const CREATE = ['create', 'a', 'blog'];

test('the three outputs tell the same phases with the same messages from one event log', async () => {
  const live = await runCli(CREATE, creatingBackend(BLOG_EVENTS), { columns: 100 });
  const plain = await runCli(CREATE, creatingBackend(BLOG_EVENTS));
  const json = await runCli([...CREATE, '--json'], creatingBackend(BLOG_EVENTS));

  const expected = BLOG_EVENTS.flatMap((event) => (event.type === 'phase-ended' ? [[event.phase, event.message]] : []));
  assert.equal(expected.length, CREATE_PHASES.length);
  const liveLines = screenOf(live.stderr, 100).flatMap((line) => matched(line, /^ {2}✓ (\w+) +(.*) 120ms$/));
  const plainLines = plain.stderr.split('\n').flatMap((line) => matched(line, /^(\w+) +ok {4}(.*) \(120ms\)$/));
  const jsonLines = json.stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { type: string; phase: string; message: string })
    .flatMap(({ type, phase, message }) => (type === 'phase-ended' ? [[phase, message]] : []));
  assert.deepEqual(liveLines, expected);
  assert.deepEqual(plainLines, expected);
  assert.deepEqual(jsonLines, expected);
});

function matched(line: string, pattern: RegExp): readonly (readonly string[])[] {
  const match = pattern.exec(line);
  return match === null ? [] : [match.slice(1)];
}

test('plain lines hold no cursor codes and no colours', async () => {
  const { stderr } = await runCli(CREATE, creatingBackend(BLOG_EVENTS));
  assert.doesNotMatch(stderr, /[^\P{Cc}\n]/u);
  assert.match(
    stderr,
    /^turbobackend 0\.1\.0 {2}creating blog · planner: built-in · database: embedded · deploy: local\n/,
  );
  assert.match(stderr, /\ndesign {4}warn {2}Comments belong to posts: a guess\n/);
});

test('a terminal that belongs to CI or to an agent gets plain lines, too', async () => {
  for (const [name, value] of [
    ['CI', 'true'],
    ['AI_AGENT', 'x'],
    ['TERM', 'dumb'],
  ] as const) {
    const environment = { [name]: value };
    const { stderr } = await runCli(CREATE, creatingBackend(BLOG_EVENTS), { columns: 80, environment });
    assert.doesNotMatch(stderr, /\p{Cc}\[(\d*[AJK]|\?25)/u);
    assert.match(stderr, /deploy.* healthy on port 4310/);
  }
});

test('--json prints each event as a line and the result, exactly, as the last; stderr stays silent', async () => {
  const { stdout, stderr, exitCode } = await runCli([...CREATE, '--json'], creatingBackend(BLOG_EVENTS));
  const lines = stdout.trimEnd().split('\n');
  assert.deepEqual(JSON.parse(lines.at(-1) ?? ''), RESULT);
  assert.deepEqual(
    lines.slice(0, -1).map((line) => (JSON.parse(line) as { seq: number }).seq),
    BLOG_EVENTS.slice(0, -1).map(({ seq }) => seq),
  );
  assert.equal(stderr, '');
  assert.equal(exitCode, 0);
});

test('--quiet prints the URL and nothing else', async () => {
  const { stdout, stderr } = await runCli([...CREATE, '--quiet'], creatingBackend(BLOG_EVENTS), { columns: 80 });
  assert.equal(stdout, 'http://127.0.0.1:4310\n');
  assert.equal(stderr, '');
});
