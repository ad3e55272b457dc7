import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, openSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { CANCELLED } from '../support/cli-fakes.ts';

const onlyFull = { skip: existsSync('/dev/full') ? false : 'this machine has no /dev/full' };
const SCRIPT = new URL('../support/cli-process.ts', import.meta.url).pathname;
const LAUNCHER = new URL('../../bin/turbobackend.mjs', import.meta.url).pathname;

interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

interface Running {
  readonly child: ChildProcess;
  /** Resolves when this has been written to stderr. */
  readonly saw: (pattern: RegExp) => Promise<void>;
  readonly ended: Promise<Ended>;
}

function start(args: readonly string[], stepMs = 5, stdin?: string): Running {
  const env = { PATH: process.env['PATH'], HOME: process.env['HOME'], STEP_MS: String(stepMs) };
  const child = spawn(process.execPath, [SCRIPT, ...args], { env, timeout: 20_000, killSignal: 'SIGKILL' });
  child.stdin.end(stdin);
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const ended = Promise.all([once(child, 'close'), text(child.stdout).catch(() => '')]).then(
    ([[code, signal], stdout]) => ({
      code: code as number | null,
      signal: signal as NodeJS.Signals | null,
      stdout,
      stderr,
    }),
  );
  const saw = async (pattern: RegExp): Promise<void> => {
    while (!pattern.test(stderr)) {
      assert.equal(child.exitCode, null, `ended without ${pattern}: ${stderr}`);
      await delay(10);
    }
  };
  return { child, saw, ended };
}

test('a prompt that is piped in is created, the result on stdout and the progress on stderr', async () => {
  const { code, stdout, stderr } = await start([], 1, 'a blog\n').ended;
  assert.equal(code, 0);
  assert.match(stdout, /^\nYour backend is running\.[^]*curl http:\/\/127\.0\.0\.1:4310\/v1\/users\n/);
  assert.match(stderr, /deploy {4}ok {4}healthy on port 4310/);
});

test('Ctrl-C once cancels, waits for the undo and ends with 130', async () => {
  const { child, saw, ended } = start(['create', 'a blog', '--json'], 50);
  child.stdout?.once('data', () => child.kill('SIGINT'));
  await saw(/Cancelling/);
  const { code, stdout } = await ended;
  assert.equal(code, 130);
  assert.deepEqual(JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? ''), CANCELLED);
});

test('Ctrl-C twice leaves at once', async () => {
  const { child, saw, ended } = start(['a blog'], 3000);
  await saw(/creating blog/);
  child.kill('SIGINT');
  await saw(/Cancelling/);
  await delay(400);
  child.kill('SIGINT');
  const { code, stdout, stderr } = await ended;
  assert.equal(code, 130);
  assert.equal(stdout, '');
  assert.match(stderr, /Left at once: the next turbobackend command/);
});

test('SIGTERM parks the run and ends with 143', async () => {
  const { child, saw, ended } = start(['a blog'], 3000);
  await saw(/creating blog/);
  child.kill('SIGTERM');
  const { code, signal, stderr } = await ended;
  assert.deepEqual([code, signal], [143, null]);
  assert.match(stderr, /the next turbobackend command or a worker carries it on/);
});

test('a reader that goes away early gets no complaint', async () => {
  for (const args of [['schema', 'blog'], ['--help'], ['list', '--json']]) {
    const { child, ended } = start(args);
    child.stdout?.destroy();
    const { code, signal, stderr } = await ended;
    assert.deepEqual([code, signal, stderr], [0, null, ''], args.join(' '));
  }
});

test(
  'output that a full disk does not take is told as such, and lines to a full log end nothing',
  onlyFull,
  async () => {
    const [code, told] = await runFull('stdout', 'list');
    assert.equal(code, 6);
    assert.match(told, /The disk is full/);
    const [created, result] = await runFull('stderr', 'create', 'a blog');
    assert.equal(created, 0);
    assert.match(result, /running/);
  },
);

test('large output reaches a slow reader whole', async () => {
  const { stdout, code } = await start(['schema', 'blog']).ended;
  assert.equal(code, 0);
  assert.equal(stdout.length, 26 * 50_000);
});

test('the launcher answers help, the version and a typing error without opening anything', async () => {
  const [helpCode, help] = await launch('--help');
  assert.equal(helpCode, 0);
  assert.match(help, /^Usage: turbobackend/);
  const [versionCode, version] = await launch('--version');
  assert.equal(versionCode, 0);
  assert.match(version, /^\d+\.\d+\.\d+\n$/);
  const [typoCode, typo] = await launch('lst', '--json');
  assert.equal(typoCode, 2);
  assert.equal((JSON.parse(typo) as { error: { code: string } }).error.code, 'USAGE');
});

/** Runs the launcher; resolves to its exit code and what it printed. */
async function launch(...args: readonly string[]): Promise<readonly [number | null, string]> {
  const child = spawn(process.execPath, [LAUNCHER, ...args], { stdio: ['ignore', 'pipe', 'pipe'], timeout: 20_000 });
  const [[code], stdout] = await Promise.all([once(child, 'close'), text(child.stdout)]);
  return [code as number | null, stdout];
}

/** Runs the command line with one of its outputs on a full disk; resolves to its exit code and what the other had. */
async function runFull(output: 'stdout' | 'stderr', ...argv: string[]): Promise<readonly [unknown, string]> {
  const full = openSync('/dev/full', 'w');
  const stdio = output === 'stdout' ? (['ignore', full, 'pipe'] as const) : (['ignore', 'pipe', full] as const);
  const child = spawn(process.execPath, [SCRIPT, ...argv], { stdio: [...stdio] });
  closeSync(full);
  const readable = (output === 'stdout' ? child.stderr : child.stdout) as Readable;
  return Promise.all([once(child, 'exit').then(([code]) => code as unknown), text(readable)]);
}

test('bash completes the words of a line', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'turbobackend-bash-'));
  await writeFile(join(folder, 'turbobackend'), `#!/bin/sh\nexec '${process.execPath}' '${LAUNCHER}' "$@"\n`, {
    mode: 0o755,
  });
  const line = [
    'source <(turbobackend completion bash)',
    'complete -p turbobackend',
    'COMP_WORDS=(turbobackend url blog --role ""); COMP_CWORD=4',
    '_turbobackend turbobackend "" --role',
    'echo "${COMPREPLY[*]}"',
  ].join('; ');
  const env = { PATH: `${folder}:${process.env['PATH']}`, HOME: folder };
  const bash = spawn('bash', ['-c', line], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    assert.match(
      await text(bash.stdout),
      /^complete .*-F _turbobackend turbobackend\napp\nowner\nreader\n$|^complete .*\napp owner reader\n$/,
    );
  } finally {
    await rm(folder, { recursive: true });
  }
});
