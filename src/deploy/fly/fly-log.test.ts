import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { Redactor } from '../../domain/redactor.ts';
import { Secret } from '../../domain/secret.ts';
import type { LogPage } from './fly-answers.ts';
import { openFlyApi } from './fly-api.ts';
import { readAppLog } from './fly-log.ts';

/** Reads from a log service that has these pages by token; 404 where there is none. */
async function readFrom(pages: Readonly<Record<string, LogPage>>, since?: Date): Promise<readonly string[]> {
  const server = createServer((request, response) => {
    const page = pages[new URL(request.url ?? '', 'http://log').searchParams.get('next_token') ?? ''];
    response.writeHead(page ? 200 : 404).end(JSON.stringify(page ?? { error: 'not found' }));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const logsUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const api = openFlyApi({ apiUrl: logsUrl, authorization: new Secret('Bearer x'), redactor: new Redactor() });
  try {
    return await readAppLog(api, { logsUrl, app: 'app', since });
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

function line(
  message: string,
  timestamp = '2026-01-01T00:00:05Z',
  provider = 'app',
): NonNullable<LogPage['data']>[number] {
  return { attributes: { message, timestamp, meta: { event: { provider } } } };
}

test('reads page after page, and leaves out what the platform says', async () => {
  const lines = await readFrom({
    '': { data: [line('one'), line('Starting machine', undefined, 'runner')], meta: { next_token: 'a' } },
    a: { data: [line('two\nthree\n')], meta: { next_token: 'b' } },
    b: { data: [], meta: { next_token: 'b' } },
  });
  assert.deepEqual(lines, ['one', 'two', 'three']);
});

test('reads nothing twice from a service that hands out one page again and again', async () => {
  const page = { data: [line('one')], meta: { next_token: 'a' } };
  assert.deepEqual(await readFrom({ '': page, a: page }), ['one']);
  assert.deepEqual(await readFrom({ '': { data: [line('one')] } }), ['one']);
});

test('reads from a time on, and nothing where no log is kept', async () => {
  const data = [line('old', '2026-01-01T00:00:00Z'), line('new'), { attributes: { message: 'whenever' } }];
  assert.deepEqual(await readFrom({ '': { data } }, new Date('2026-01-01T00:00:04Z')), ['new', 'whenever']);
  assert.deepEqual(await readFrom({}), []);
});
