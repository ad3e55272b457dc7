import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { after, before, test } from 'node:test';
import { findEmbeddedPostgres } from '../../src/database/embedded/embedded-postgres.ts';
import { openTestHome, type TestHome } from '../support/cli.ts';

const LAUNCHER = new URL('../../bin/turbobackend.mjs', import.meta.url).pathname;

let home: TestHome;
let state: string;

before(async () => {
  home = await openTestHome();
  state = join(home.folder, 'state');
});
after(() => home.close());

interface Answer {
  readonly id: number;
  readonly result?: { readonly isError?: boolean; readonly structuredContent?: object; readonly resources?: unknown[] };
}

/** Pipes the calls into the server, as `turbobackend mcp < calls` does; resolves to all it answers. */
async function pipeIn(calls: readonly object[], ending = '\n'): Promise<{ answers: Answer[]; exitCode: number }> {
  const server = spawn(process.execPath, [LAUNCHER, 'mcp'], {
    env: { PATH: process.env['PATH'] ?? '', HOME: home.folder, TURBOBACKEND_HOME: state },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const initialize = {
    id: 0,
    method: 'initialize',
    params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'a-pipe', version: '1' } },
  };
  const messages = [initialize, { method: 'notifications/initialized' }, ...calls];
  server.stdin.end(messages.map((message) => JSON.stringify({ jsonrpc: '2.0', ...message })).join('\n') + ending);
  const [said, [exitCode]] = await Promise.all([text(server.stdout), once(server, 'exit') as Promise<[number]>]);
  return {
    exitCode,
    answers: said
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Answer),
  };
}

test('what there is can be listed without a database being made for it', async () => {
  const { answers, exitCode } = await pipeIn([
    { id: 1, method: 'tools/list' },
    { id: 2, method: 'prompts/list' },
    { id: 3, method: 'resources/list' },
  ]);
  assert.deepEqual([new Set(answers.map(({ id }) => id)), exitCode], [new Set([0, 1, 2, 3]), 0]);
  assert.ok(!existsSync(join(state, 'cluster')), 'no cluster is made');
});

test('a call that came before the end of the input is answered, and no Postgres is left behind', async () => {
  const call = { id: 6, method: 'tools/call', params: { name: 'list_projects' } };
  for (const ending of ['\n', '']) {
    const { answers, exitCode } = await pipeIn([call], ending);
    assert.equal(exitCode, 0);
    assert.deepEqual(answers.at(-1)?.id, 6);
    assert.deepEqual(answers.at(-1)?.result?.structuredContent, { data: [] });
    assert.equal(await findEmbeddedPostgres(state), undefined);
  }
  assert.ok(existsSync(join(state, 'cluster')));
});
