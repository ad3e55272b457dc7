import assert from 'node:assert/strict';
import { request } from 'node:http';
import { after, before, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { openHttpService, type HttpService } from '../support/http-service.ts';
import { callFailed, callOk, callTool, connectMcp } from '../support/mcp-client.ts';
import { type McpDoor, openMcpDoor } from '../support/mcp-door.ts';

// The Streamable HTTP transport at /mcp, for clients of both eras.

const MODERN = '2026-07-28';

interface RunAnswer {
  readonly runId: string;
  readonly projectId: string;
  readonly status: string;
  readonly result?: { readonly url: string };
}

interface TaskAnswer {
  readonly resultType: string;
  readonly taskId: string;
  readonly status: string;
  readonly statusMessage?: string;
  readonly pollIntervalMs: number;
  readonly result?: { readonly structuredContent: RunAnswer };
}

let service: HttpService;
let open: McpDoor;
let guarded: McpDoor;
let ada = '';
let bob = '';
let onlooker = '';

before(async () => {
  service = await openHttpService();
  const keyOf = async (ownerId: string, scope: 'read' | 'write'): Promise<string> =>
    (await service.backend.keys.create({ ownerId, name: 'editor', scope })).key.reveal();
  [ada, bob, onlooker] = [await keyOf('ada', 'write'), await keyOf('bob', 'write'), await keyOf('ada', 'read')];
  open = await openMcpDoor(service.backend);
  guarded = await openMcpDoor(service.backend, { requireKey: true });
});

after(async () => {
  await open.close();
  await guarded.close();
  await service.close();
  assert.deepEqual([...open.bugs, ...guarded.bugs], []);
});

function over(url: URL, key?: string): StreamableHTTPClientTransport {
  const headers: Record<string, string> = key === undefined ? {} : { authorization: `Bearer ${key}` };
  return new StreamableHTTPClientTransport(url, { requestInit: { headers } });
}

/** One call of the protocol of 2026, as a client that knows tasks makes it. */
async function callModern(method: string, params: Record<string, unknown>, key = ada): Promise<TaskAnswer> {
  const name = params['name'] ?? params['taskId'];
  const response = await fetch(guarded.url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      authorization: `Bearer ${key}`,
      'mcp-protocol-version': MODERN,
      'mcp-method': method,
      ...(typeof name === 'string' && { 'mcp-name': name }),
    },
    body: JSON.stringify({
      jsonrpc: '2.0',
      id: 1,
      method,
      params: {
        ...params,
        _meta: {
          'io.modelcontextprotocol/protocolVersion': MODERN,
          'io.modelcontextprotocol/clientInfo': { name: 'a-test', version: '1.0.0' },
          'io.modelcontextprotocol/clientCapabilities': { extensions: { 'io.modelcontextprotocol/tasks': {} } },
        },
      },
    }),
  });
  const { result, error } = (await response.json()) as { result?: TaskAnswer; error?: { message: string } };
  if (!result) throw new Error(error?.message ?? `${response.status}`);
  return result;
}

test('a client that knows tasks gets a task that is the run, whoever answers for it later', async () => {
  const task = await callModern('tools/call', {
    name: 'create_backend',
    arguments: { prompt: 'a library with books and loans', name: 'library' },
  });
  assert.equal(task.resultType, 'task');
  assert.match(task.taskId, /^run_/);
  await assert.rejects(callModern('tasks/get', { taskId: task.taskId }, bob), /RUN_NOT_FOUND/);
  await assert.rejects(callModern('tasks/cancel', { taskId: task.taskId }, onlooker), /FORBIDDEN/);
  let state = task;
  const told = new Set<string>();
  while (state.status === 'working') {
    await delay(200);
    state = await callModern('tasks/get', { taskId: task.taskId });
    told.add(state.statusMessage ?? '');
  }
  assert.equal(state.status, 'completed');
  assert.ok(told.size > 3, `${told.size} messages`);
  const run = state.result?.structuredContent;
  assert.equal(run?.status, 'succeeded');
  assert.equal((await fetch(`${run?.result?.url}/v1/books`)).status, 200);
});

test('a task that is cancelled ends as such, and what it made is taken back', async () => {
  const { taskId } = await callModern('tools/call', {
    name: 'create_backend',
    arguments: { prompt: 'a zoo with animals and keepers' },
  });
  await callModern('tasks/cancel', { taskId });
  let { status } = await callModern('tasks/get', { taskId });
  while (status === 'working') {
    await delay(200);
    ({ status } = await callModern('tasks/get', { taskId }));
  }
  assert.equal(status, 'cancelled');
});

for (const era of ['auto', 'legacy'] as const) {
  test(`another user's key sees neither projects nor runs (${era})`, async () => {
    const [own, other] = [
      await connectMcp(over(guarded.url, ada), { era }),
      await connectMcp(over(guarded.url, bob), { era }),
    ];
    try {
      const { data } = await callOk<{ data: { runId: string }[] }>(own, 'list_runs', { project: 'library' });
      const runId = data[0]?.runId;
      assert.ok(runId);
      assert.deepEqual((await callOk<{ data: unknown[] }>(other, 'list_projects')).data, []);
      assert.equal((await callFailed(other, 'get_project', { project: 'library' })).code, 'PROJECT_NOT_FOUND');
      assert.equal(
        (await callFailed(other, 'run_sql', { project: 'library', sql: 'SELECT 1' })).code,
        'PROJECT_NOT_FOUND',
      );
      for (const [tool, input] of [
        ['plan_change', { prompt: 'add a note to books' }],
        ['apply_change', { planId: 'plan_0123456789abcdef' }],
        ['change_backend', { prompt: 'add a note to books' }],
        ['undo_change', {}],
        ['deploy_backend', {}],
        ['list_revisions', {}],
        ['write_files', { files: [{ path: 'src/evil.ts', content: '' }] }],
        ['check_backend', {}],
      ] as const) {
        const { code } = await callFailed(other, tool, { project: 'library', ...input });
        assert.equal(code, 'PROJECT_NOT_FOUND', tool);
      }
      assert.equal((await callFailed(other, 'get_run', { runId })).code, 'RUN_NOT_FOUND');
      assert.equal((await callFailed(other, 'cancel_run', { runId })).code, 'RUN_NOT_FOUND');
      await assert.rejects(other.readResource({ uri: `tb://runs/${runId}/log` }), /no run/i);
      await assert.rejects(other.readResource({ uri: 'tb://projects/library/schema.sql' }), /no project/i);
      assert.deepEqual((await other.listResources()).resources, []);
    } finally {
      await Promise.all([own.close(), other.close()]);
    }
  });

  test(`a key that may only read gets tools that only read (${era})`, async () => {
    const client = await connectMcp(over(guarded.url, onlooker), { era });
    try {
      const { tools } = await client.listTools();
      assert.ok(tools.length > 8 && tools.every(({ annotations }) => annotations?.readOnlyHint));
    } finally {
      await client.close();
    }
  });

  test(`the URL holds a connection to reading and to one project (${era})`, async () => {
    const url = new URL('?read_only=true&project=library', guarded.url);
    const client = await connectMcp(over(url, ada), { era });
    try {
      const { tools } = await client.listTools();
      assert.ok(tools.every(({ annotations }) => annotations?.readOnlyHint));
      assert.ok(!tools.some(({ name }) => name === 'list_projects'));
      assert.equal((await callOk<{ name: string }>(client, 'get_project')).name, 'library');
    } finally {
      await client.close();
    }
  });
}

test('a cancelled call over HTTP cancels its run, in both eras', async () => {
  for (const era of ['auto', 'legacy'] as const) {
    const client = await connectMcp(over(guarded.url, ada), { era });
    try {
      const stop = new AbortController();
      const call = callTool(
        client,
        'create_backend',
        { prompt: 'a garage with cars and repairs', name: `garage-${era}` },
        { signal: stop.signal, onprogress: ({ progress }) => void (progress >= 3 && stop.abort()) },
      );
      await assert.rejects(call);
      const { data } = await callOk<{ data: RunAnswer[] }>(client, 'list_runs', {});
      let run = data[0];
      while (run?.status === 'queued' || run?.status === 'running') {
        run = await callOk<RunAnswer>(client, 'get_run', { runId: run.runId, waitSeconds: 30 });
      }
      assert.equal(run?.status, 'cancelled', era);
    } finally {
      await client.close();
    }
  }
});

test('a session is of use to nobody but its holder', async () => {
  const transport = over(guarded.url, ada);
  const client = await connectMcp(transport, { era: 'legacy' });
  try {
    const asked = (key: string): Promise<Response> =>
      fetch(guarded.url, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          accept: 'application/json, text/event-stream',
          authorization: `Bearer ${key}`,
          'mcp-session-id': transport.sessionId ?? '',
        },
        body: JSON.stringify({ jsonrpc: '2.0', id: 7, method: 'tools/list' }),
      });
    assert.equal((await asked(ada)).status, 200);
    assert.equal((await asked(bob)).status, 404);
    assert.equal((await asked(onlooker)).status, 404);
  } finally {
    await client.close();
  }
});

test('calls without a key, for another host or from another page are refused', async () => {
  const initialize = { jsonrpc: '2.0', id: 1, method: 'tools/list' };
  const post = (url: URL, headers: Record<string, string>): Promise<number | undefined> =>
    new Promise((resolve, reject) => {
      // fetch does not let a caller choose the host that it names.
      const call = request(url, { method: 'POST', headers: { 'content-type': 'application/json', ...headers } });
      call.on('response', (response) => {
        response.resume();
        resolve(response.statusCode);
      });
      call.on('error', reject);
      call.end(JSON.stringify(initialize));
    });
  assert.equal(await post(guarded.url, {}), 401);
  assert.equal(await post(open.url, { host: 'evil.example' }), 403);
  assert.equal(await post(open.url, { origin: 'https://evil.example' }), 403);
  assert.equal(await post(new URL('?readonly=1', open.url), {}), 400);
  assert.equal(await post(open.url, { 'mcp-session-id': 'made-up' }), 404);
});
