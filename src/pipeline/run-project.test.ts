import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as immediate } from 'node:timers/promises';
import { TurboError } from '../domain/errors.ts';
import { newId } from '../domain/ids.ts';
import type { RunEventBody } from '../domain/run-event.ts';
import { CREATE_PHASES, type RunResult } from '../domain/run.ts';
import { Secret } from '../domain/secret.ts';
import type { SchemaDesign } from '../domain/schema-design.ts';
import type { Receipt } from '../domain/receipt.ts';
import { sourceHash } from '../domain/source-file.ts';
import { MemoryEngine, RunMemory } from '../engine/memory-engine.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import { runBody, type RunRegister } from './run-body.ts';
import type { RunPorts } from './run-context.ts';

/** A world of plain objects in which a run leaves its traces. */
function fakeWorld(overrides: Partial<RunPorts> = {}) {
  const made = new Set<string>();
  const events = new Map<string, RunEventBody>();
  const files = new Map<string, string>();
  let receipt: Receipt | undefined;
  let end: { status: RunResult['status']; error: RunResult['error'] } | undefined;

  const make = (thing: string): unknown => made.add(thing);
  let provisioned: SchemaDesign | undefined;
  const sandbox: Sandbox = {
    id: 'sandbox-1',
    directory: '/projects/1',
    guarantees: ['kept apart'],
    typescript: ['tsc'],
    nodeVersion: '26.0.0',
    run: () => assert.fail('no command is run'),
    start: () => assert.fail('no server is started'),
    freePort: () => Promise.resolve(1),
    urlOf: () => Promise.resolve(''),
    readFile: async (path) => files.get(path) ?? '',
    readFiles: async (paths) => paths.map((path) => ({ path, content: files.get(path) ?? '' })),
    writeFiles: async (list) => list.forEach((file) => files.set(file.path, file.content)),
    deleteFile: async (path) => void files.delete(path),
    listFiles: async () => [...files.keys()].filter((path) => path !== '.env' && !path.startsWith('receipt/')),
  };
  const ports: RunPorts = {
    planner: {
      kind: 'builtin',
      detectNeed: async () => ({ needsDatabase: true, reasoning: 'users are kept' }),
      proposeSchema: async () => ({
        tables: [
          { tableName: 'users', createQuery: 'CREATE TABLE users (id varchar PRIMARY KEY, name text NOT NULL)' },
        ],
        warnings: [],
      }),
      proposeChange: () => assert.fail('nothing is changed'),
      sketchEndpoints: async () => [],
    },
    cluster: {
      reach: 'this-machine',
      sizeOf: () => assert.fail('nothing is measured'),
      exchange: () => assert.fail('nothing changes places'),
      version: 'PostgreSQL 18',
      claim: async () => (make('claim'), 'tb_1'),
      release: async () => void made.delete('claim'),
      rehearse: async () => [],
      async provision(_name, _run, design) {
        make('database');
        provisioned = design;
        return design.schema;
      },
      open: async () => ({
        name: 'tb_1',
        host: '127.0.0.1',
        port: 5432,
        tls: 'off',
        owner: { user: 'owner', password: new Secret('owner-password') },
        app: { user: 'app', password: new Secret('app-password') },
        reader: { user: 'reader', password: new Secret('reader-password') },
        schema: provisioned?.schema ?? { enums: [], tables: [] },
      }),
      clone: () => assert.fail('nobody asks for a copy'),
      async drop() {
        made.delete('database');
        made.delete('claim');
      },
      query: () => assert.fail('nobody queries'),
      watch: async () => ({ hasStayed: () => true, end: async () => undefined }),
      guard: async () => undefined,
      sweep: async () => [],
      fillPool: async () => {},
      close: async () => {},
    },
    sandboxes: {
      open: async () => (make('sandbox'), sandbox),
      remove: async () => void made.delete('sandbox'),
      list: async () => [],
    },
    coder: {
      writesUntrusted: false,
      async write() {
        files.set('src/server.ts', 'listen()');
        files.set('openapi.json', '{}');
        return { summary: '2 files', fileCount: 2, missing: [], warnings: [] };
      },
    },
    source: {
      publish: async () => (make('repository'), { repository: '/repositories/1.git', commit: 'abc' }),
      read: async () => undefined,
      remove: async () => void made.delete('repository'),
      list: async () => [],
    },
    artifacts: {
      save: async () => (make('artifact'), { hash: 'def', location: '/artifacts/def.tar.gz', sizeBytes: 1 }),
      load: () => assert.fail('nobody loads'),
      remove: async () => void made.delete('artifact'),
      list: async () => [],
    },
    deploy: {
      async deploy({ projectId, sourceHash: hash }) {
        make('deployment');
        return { projectId, status: 'running', url: 'http://127.0.0.1:4310', sourceHash: hash, externalId: '1' };
      },
      configure: () => assert.fail('nobody configures'),
      start: () => assert.fail('nobody starts'),
      stop: () => assert.fail('nobody stops'),
      find: async () => undefined,
      logs: async () => [],
      remove: async () => void made.delete('deployment'),
      list: async () => [],
    },
    secrets: { load: async () => ({}), list: async () => new Map() },
    snapshots: {
      take: () => assert.fail('a first run loses nothing'),
      list: async () => [],
      restore: () => assert.fail(),
      remove: () => assert.fail(),
    },
    verifyBackend: async (request) => ({
      version: 1,
      runId: request.runId,
      projectId: request.projectId,
      name: request.name,
      prompt: request.prompt,
      planner: 'builtin',
      schemaHash: null,
      design: null,
      sourceHash: sourceHash(request.files),
      versions: {},
      sandbox: [],
      gates: request.earlierGates,
      passed: true,
      createdAt: 0,
    }),
    verifyDeployment: async () => ({
      gate: 'deployed-healthy',
      status: 'passed',
      durationMs: 1,
      summary: 'answers',
      evidence: [],
    }),
    versions: {},
    ...overrides,
  };
  const runs: RunRegister = {
    open: async () => ({
      order: {
        projectId: newId('project'),
        name: 'blog',
        prompt: 'a blog',
        schemaSql: undefined,
        databaseName: undefined,
        change: undefined,
      },
      records: {
        append: async (key, _percent, event) => void (events.has(key) || events.set(key, event)),
        async update(changes) {
          receipt = changes.receipt ?? receipt;
        },
        recordSandbox: async () => {},
        recordBlueprint: async () => {},
        recordPush: async () => {},
        recordDeployment: async () => {},
        loadReceipt: async () => receipt,
        loadRevision: () => assert.fail('a first run looks for no revision'),
        recordRevision: () => assert.fail('it is recorded with the run'),
        finish: async (status, error) => void (end = { status, error }),
      },
    }),
  };
  const body = runBody(
    runs,
    async () => ports,
    (text) => text,
  );
  return { body, ports, made, files, events, ended: () => end };
}

async function runOnce(world: ReturnType<typeof fakeWorld>): Promise<ReturnType<typeof world.ended>> {
  const engine = new MemoryEngine(world.body);
  await engine.start({ concurrency: 1 });
  const runId = newId('run');
  await engine.submit({ runId, ownerId: 'local', exclusiveKey: 'project' });
  await engine.ended(runId);
  await engine.close();
  return world.ended();
}

const EVERYTHING = ['artifact', 'claim', 'database', 'deployment', 'repository', 'sandbox'];

test('goes through every phase in order and leaves the database’s variables in the sandbox', async () => {
  const world = fakeWorld();
  assert.deepEqual(await runOnce(world), { status: 'succeeded', error: null });
  assert.deepEqual([...world.made].toSorted(), EVERYTHING);
  assert.match(world.files.get('.env') ?? '', /DB_NAME=tb_1\nDB_USER=app\nDB_PASSWORD=app-password/);
  const started = [...world.events.values()].flatMap((event) => (event.type === 'phase-started' ? [event.phase] : []));
  assert.deepEqual(started, CREATE_PHASES);
});

test('goes on without a database when detection fails, and says so', async () => {
  const { planner } = fakePorts();
  const world = fakeWorld({
    planner: {
      ...planner,
      detectNeed: () => Promise.reject(new Error('model is down')),
      proposeSchema: () => assert.fail('no design is asked for'),
    },
  });
  assert.equal((await runOnce(world))?.status, 'succeeded');
  assert.ok(!world.made.has('claim') && !world.made.has('database'), 'what was set aside is given back');
  const warnings = [...world.events.values()].filter((event) => event.type === 'warning');
  assert.match(JSON.stringify(warnings), /model is down/);
});

test('a design that stays refused fails the run with the findings', async () => {
  const { planner } = fakePorts();
  let asked = 0;
  const world = fakeWorld({
    planner: {
      ...planner,
      async proposeSchema() {
        asked += 1;
        return { tables: [{ tableName: 'x', createQuery: 'DROP TABLE users' }], warnings: [] };
      },
    },
  });
  const end = await runOnce(world);
  assert.equal(end?.error?.code, 'SCHEMA_DESIGN_FAILED');
  assert.match(end?.error?.message ?? '', /DROP/i);
  assert.equal(asked, 3);
  assert.deepEqual([...world.made], []);
});

test('whichever phase fails, nothing is left', async () => {
  const failing = new TurboError('DEPLOY_FAILED', 'no');
  const { source, deploy, coder } = fakePorts();
  for (const broken of [
    { coder: { ...coder, write: () => Promise.reject(failing) } },
    { source: { ...source, publish: () => Promise.reject(failing) } },
    { deploy: { ...deploy, deploy: () => Promise.reject(failing) } },
  ]) {
    const world = fakeWorld(broken);
    assert.equal((await runOnce(world))?.error?.code, 'DEPLOY_FAILED');
    assert.deepEqual([...world.made], [], Object.keys(broken)[0]);
  }
});

test('a bug is told without its insides', async () => {
  const { coder } = fakePorts();
  const world = fakeWorld({ coder: { ...coder, write: () => Promise.reject(new Error('secret path')) } });
  const end = await runOnce(world);
  assert.equal(end?.error?.code, 'INTERNAL');
  assert.doesNotMatch(JSON.stringify([end, ...world.events.values()]), /secret path/);
});

test('killed after any step, the run is ended by another process', async () => {
  for (let steps = 0; ; steps += 1) {
    const world = fakeWorld();
    const memory = new RunMemory();
    const first = new MemoryEngine(world.body, memory);
    first.crashAfter(steps);
    await first.start({ concurrency: 1 });
    const runId = newId('run');
    await first.submit({ runId, ownerId: 'local', exclusiveKey: 'project' });
    while (!world.ended() && !first.crashed) await immediate();
    if (world.ended()) return assert.ok(steps > 8, `only ${steps} steps`);

    const second = new MemoryEngine(world.body, memory);
    await second.start({ concurrency: 1 });
    await second.takeOver();
    await second.ended(runId);
    assert.equal(world.ended()?.status, 'succeeded', `after ${steps} steps`);
    assert.deepEqual([...world.made].toSorted(), EVERYTHING);
  }
});

/** The ports of a world that nobody runs in, to take apart. */
function fakePorts(): RunPorts {
  return fakeWorld().ports;
}
