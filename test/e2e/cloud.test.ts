import assert from 'node:assert/strict';
import { readFileSync, statSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, test } from 'node:test';
import { sourceHash } from '../../src/domain/source-file.ts';
import type { DatabaseSchema } from '../../src/domain/database-schema.ts';
import { sampleRows } from '../../src/samples/sample-rows.ts';
import { unpackArchive } from '../../src/artifacts/source-archive.ts';
import type { RunResult } from '../../src/domain/run.ts';
import { bodyOf, type Made } from '../support/post-samples.ts';
import { lastLine, openTestHome, type CommandEnd, type TestHome } from '../support/cli.ts';
import { BUCKET, KEYS, startCloud, type Cloud } from '../support/cloud/cloud.ts';
import type { Fault } from '../support/cloud/fault-list.ts';
import { git } from '../support/cloud/git-backend.ts';

// A team's way: sandbox, repository, archives, deployment and databases in accounts of its own, through the command line.

const PROMPT = 'a REST API for a blog with users, posts and comments';

let cloud: Cloud;
let home: TestHome;

before(async () => {
  cloud = await startCloud();
  home = await openTestHome(cloud.environment);
});

afterEach(() => {
  for (const faults of Object.values(cloud.faults)) faults.clear();
});

after(async () => {
  await home.close();
  await cloud.stop();
  assert.deepEqual(cloud.violations(), []);
});

test('one sentence becomes a backend in the accounts of its owner, and goes again without a trace', async () => {
  const doctor = await home.json<{ diagnoses: { subject: string; status: string; finding: string }[] }>('doctor');
  for (const subject of ['daytona', 'github', 's3', 'fly']) {
    assert.equal(doctor.diagnoses.find((found) => found.subject === subject)?.status, 'ok', subject);
  }

  const end = await home.run('create', PROMPT, '--json');
  const blog = resultOf(end);
  assert.equal(blog.status, 'succeeded', end.stdout);
  assert.deepEqual(await made(), { machines: 1, repositories: 1, archives: 1, apps: 1 });

  await checkSandbox();
  const files = await checkSource(blog);
  await checkArchive(blog, files);
  await checkDeployment(blog);
  checkThatNoSecretIsOut(end);

  for (const machine of cloud.daytona.machines.values()) {
    await fetch(`${cloud.daytona.url}/sandbox/${machine.id}`, {
      method: 'DELETE',
      headers: { authorization: `Bearer ${KEYS.daytona}` },
    });
  }
  const exported = await mkdtemp(join(tmpdir(), 'turbo-cloud-'));
  await rm(exported, { recursive: true });
  await home.json('export', 'blog', exported);
  assert.equal(readFileSync(join(exported, 'README.md'), 'utf8'), files.get('README.md'));
  await rm(exported, { recursive: true });

  assert.match((await home.run('logs', 'blog')).stdout, /listening on/);
  await home.json('stop', 'blog');
  await assert.rejects(fetch(`${blog.url}/readyz`).then((answer) => assert.equal(answer.status, 200)));
  await home.json('start', 'blog');
  assert.equal((await fetch(`${blog.url}/readyz`)).status, 200);

  await home.json('delete', 'blog', '--yes');
  await assertNothingIsLeft();
});

type Call = readonly [keyof Cloud['faults'], Pick<Fault, 'method' | 'path' | 'after'>];

// Each is done, and the process is gone before it hears so. The engine gives a run up that ends six processes.
const KILLED_AT: readonly (readonly [Call, ...Call[]])[] = [
  [
    ['daytona', { method: 'POST', path: /^\/sandbox$/, after: true }],
    ['daytona', { method: 'POST', path: /process\/execute$/, after: true }],
    ['github', { method: 'POST', path: /^\/user\/repos$/, after: true }],
    ['github', { method: 'POST', path: /git-receive-pack$/, after: true }],
  ],
  [
    ['s3', { method: 'PUT', path: /tar\.gz$/, after: true }],
    ['fly', { method: 'POST', path: /\/apps$/, after: true }],
    ['registry', { method: 'PUT', path: /manifests/, after: true }],
    ['fly', { method: 'POST', path: /\/machines$/, after: true }],
  ],
];

for (const calls of KILLED_AT) {
  const providers = calls.map(([provider]) => provider);
  test(`killed at ${providers.join(', ')}, one after the other, a run still makes one of each`, () => killAt(calls));
}

async function killAt([first, ...others]: readonly [Call, ...Call[]]): Promise<void> {
  let runId = '';
  const kill = (command: readonly string[], [provider, fault]: Call): Promise<CommandEnd> =>
    home.start(command, (line, child) => {
      runId = (JSON.parse(line) as { runId?: string }).runId ?? runId;
      const onHit = (): void => void child.kill('SIGKILL');
      cloud.faults[provider].clear();
      cloud.faults[provider].add({ ...fault, times: 1, onHit });
    });
  assert.equal((await kill(['create', PROMPT, '--json'], first)).exitCode, null);
  for (const next of others) {
    assert.equal((await kill(['run', 'watch', runId, '--json'], next)).exitCode, null, String(next[1].path));
  }
  const listed = await home.run('list', '--json');
  assert.equal(listed.exitCode, 0, listed.stderr);
  const { result } = await home.json<{ result: RunResult }>('run', 'show', runId);
  assert.equal(result.status, 'succeeded', JSON.stringify(result.error));
  assert.deepEqual(await made(), { machines: 1, repositories: 1, archives: 1, apps: 1 });
  assert.equal((await fetch(`${result.url}/readyz`)).status, 200);
  await home.json('delete', result.projectId, '--yes');
  await assertNothingIsLeft();
}

test('a key that is refused is named, before anything is made', async () => {
  const wrong = [
    ['DAYTONA_API_KEY', 'dtn_wrong-wrong-wrong'],
    ['GITHUB_TOKEN', 'ghp_wrong-wrong-wrong'],
    ['AWS_SECRET_ACCESS_KEY', 'wrong-wrong-wrong'],
    ['FLY_API_TOKEN', 'fm2_wrong-wrong-wrong'],
  ] as const;
  for (const [variable, value] of wrong) {
    const end = await home.with({ [variable]: value }).run('create', PROMPT, '--json');
    const { error } = resultOf(end);
    assert.equal(error?.code, 'PROVIDER_KEY_REFUSED', `${variable}: ${JSON.stringify(error)}`);
    assert.match(error.fix, new RegExp(variable.replace('AWS_SECRET_ACCESS_KEY', 'AWS_')));
    assert.doesNotMatch(end.stdout + end.stderr, /wrong-wrong/);
    assert.deepEqual(await made(), { machines: 0, repositories: 0, archives: 0, apps: 0 });
  }
});

test('when a provider refuses half-way, everything before it is taken back', async () => {
  const refusals: readonly [keyof Cloud['faults'], Fault, RegExp][] = [
    [
      'daytona',
      { method: 'POST', path: /^\/sandbox$/, times: 9, status: 403, body: { message: 'Total CPU limit exceeded' } },
      /CPU limit/,
    ],
    [
      'github',
      {
        method: 'POST',
        path: /^\/user\/repos$/,
        times: 9,
        status: 403,
        body: { message: 'Resource not accessible by personal access token' },
      },
      /not accessible/,
    ],
    [
      'fly',
      {
        method: 'POST',
        path: /\/machines$/,
        times: 9,
        status: 422,
        body: { error: 'insufficient_capacity: no room in iad' },
      },
      /no room in the region iad/,
    ],
  ];
  for (const [provider, fault, words] of refusals) {
    cloud.faults[provider].add(fault);
    const { status, error } = resultOf(await home.run('create', PROMPT, '--json'));
    cloud.faults[provider].clear();
    assert.equal(status, 'failed', provider);
    assert.match(error?.message ?? '', words);
    assert.ok(error?.fix, `${provider} says no fix`);
    await assertNothingIsLeft();
  }
});

test('what could not be taken back is shown, and taken back later', async () => {
  cloud.fly.faults.add({ method: 'POST', path: /\/machines$/, times: 99, status: 422, body: { error: 'no room' } });
  cloud.github.faults.add({
    method: 'DELETE',
    path: /^\/repos/,
    times: 99,
    status: 403,
    body: { message: 'no right' },
  });
  const { error } = resultOf(await home.run('create', PROMPT, '--json'));
  for (const faults of Object.values(cloud.faults)) faults.clear();
  assert.match(error?.message ?? '', /\. Not taken back: the repository\.$/);
  assert.match(error?.fix ?? '', /doctor --sweep/);

  const shown = await home.json<{ leftovers: { kind: string; place: string }[] }>('doctor', '--sweep');
  assert.deepEqual(
    shown.leftovers.map(({ kind, place }) => [kind, place]),
    [['repository', 'github']],
  );
  assert.equal(cloud.github.repositories.length, 1, 'showing removes nothing');
  await home.json('doctor', '--sweep', '--yes');
  await assertNothingIsLeft();
});

test('a database that the cloud cannot reach is refused before anything is made', async () => {
  const embedded = { DB_CLUSTER_HOST: '', DB_CLUSTER_PORT: '', DB_CLUSTER_USER: '', DB_CLUSTER_PASSWORD: '' };
  const end = await home.with(embedded).run('create', PROMPT, '--json');
  assert.equal(end.exitCode, 4, end.stdout + end.stderr);
  assert.match(end.stdout + end.stderr, /TURBOBACKEND_SANDBOX=daytona/);
  assert.match(end.stdout + end.stderr, /DB_CLUSTER_HOST/);
  await assertNothingIsLeft();
});

function resultOf(end: CommandEnd): RunResult {
  assert.notEqual(end.stdout, '', end.stderr);
  return lastLine(end) as RunResult;
}

async function made(): Promise<Omit<Awaited<ReturnType<Cloud['count']>>, 'databases'>> {
  const { databases: _pool, ...counts } = await cloud.count();
  return counts;
}

async function assertNothingIsLeft(): Promise<void> {
  const { databases, ...counts } = await cloud.count();
  assert.deepEqual(counts, { machines: 0, repositories: 0, archives: 0, apps: 0 });
  assert.ok(databases <= 2, `${databases} databases: more than the pool`);
}

/** Made of the right image, without a secret, with our labels; `.env` right and for its owner alone. */
async function checkSandbox(): Promise<void> {
  const request = cloud.daytona.requests.find(({ method, path }) => method === 'POST' && path === '/sandbox');
  const order = JSON.parse(request?.body ?? '{}') as {
    buildInfo?: { dockerfileContent?: string };
    labels: Record<string, string>;
  };
  assert.match(order.buildInfo?.dockerfileContent ?? '', /^FROM node:24-slim\n/);
  assert.match(order.labels['turbobackend.project'] ?? '', /^project_/);
  const { app } = await databaseOf();
  assert.ok(!(request?.body ?? '').includes(app.password));

  const [machine] = cloud.daytona.machines.values();
  const file = await findFile(machine?.directory ?? '', '.env');
  assert.equal(statSync(file).mode & 0o777, 0o600);
  assert.deepEqual(
    readFileSync(file, 'utf8').trimEnd().split('\n'),
    ['DB_HOST', 'DB_PORT', 'DB_NAME', 'DB_USER', 'DB_PASSWORD'].map((name) => `${name}=${app.environment[name]}`),
  );
}

/** The repository holds what was verified. Resolves to its files. */
async function checkSource(blog: RunResult): Promise<ReadonlyMap<string, string>> {
  const [repository] = cloud.github.repositories;
  assert.ok(repository?.private);
  assert.match(repository.description ?? '', new RegExp(blog.projectId));
  assert.equal(git('--git-dir', repository.folder, 'rev-parse', 'main').trim(), blog.commit);
  const paths = git('--git-dir', repository.folder, 'ls-tree', '-r', '--name-only', 'main').trim().split('\n');
  assert.ok(paths.includes('src/server.ts') && !paths.includes('.env'));
  const show = (path: string): string => git('--git-dir', repository.folder, 'show', `main:${path}`);
  return new Map(paths.map((path) => [path, show(path)]));
}

async function checkArchive(blog: RunResult, files: ReadonlyMap<string, string>): Promise<void> {
  const [key = ''] = (await cloud.s3.objects(BUCKET)) ?? [];
  assert.equal(blog.artifact, `s3://${BUCKET}/${key}`);
  const put = cloud.s3.requests.findLast(({ method, path }) => method === 'PUT' && path.endsWith(key));
  const archived = await unpackArchive(put?.body ?? Buffer.alloc(0));
  assert.equal(sourceHash(archived), sourceHash([...files].map(([path, content]) => ({ path, content }))));
}

/** The app answers with what its image and its secrets make of it. */
async function checkDeployment(blog: RunResult): Promise<void> {
  const [app] = cloud.fly.apps.values();
  assert.ok(app);
  const { app: login } = await databaseOf();
  assert.deepEqual(Object.fromEntries(app.secrets), login.environment);
  assert.equal(blog.url, cloud.fly.appUrl.replace('{app}', app.name));
  const schema = JSON.parse((await home.run('schema', 'blog', '--format', 'json')).stdout) as DatabaseSchema;
  const rowsMade: Made = new Map();
  for (const { table, rows } of sampleRows(schema, 1)) {
    const [sample = {}] = rows;
    const created = await fetch(`${blog.url}/v1/${table}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(bodyOf(schema, table, sample, rowsMade)),
    });
    const text = await created.text();
    assert.equal(created.status, 201, text);
    rowsMade.set(table, [{ sample, body: JSON.parse(text) as Record<string, unknown> }]);
  }
  assert.equal((await fetch(`${blog.url}/docs`)).status, 200);
}

/** Of the keys and passwords none is in an address, an argument, an output or a file that is not meant for it. */
function checkThatNoSecretIsOut(end: CommandEnd): void {
  const secrets = [...Object.values(KEYS), cloud.s3.key.secretAccessKey];
  const [app] = cloud.fly.apps.values();
  const password = app?.secrets.get('DB_PASSWORD');
  assert.ok(password);
  const addresses = Object.values({ ...cloud, fly: cloud.fly }).flatMap((provider) =>
    typeof provider === 'object' && 'requests' in provider
      ? (provider.requests as { path: string; query: string | URLSearchParams }[]).map(
          ({ path, query }) => `${path}?${String(query)}`,
        )
      : [],
  );
  assert.ok(addresses.length > 30);
  for (const secret of [...secrets, password]) {
    assert.ok(!(end.stdout + end.stderr).includes(secret), 'in the output');
    for (const address of addresses) assert.ok(!address.includes(secret), address);
  }
}

interface AppLogin {
  readonly password: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** The backend's own login, as `turbobackend` stored it: read where the sandbox has it. */
async function databaseOf(): Promise<{ readonly app: AppLogin }> {
  const { database } = await home.json<{ database: { name: string; host: string; port: number; user: string } }>(
    'show',
    'blog',
  );
  const [machine] = cloud.daytona.machines.values();
  const text = await readFile(await findFile(machine?.directory ?? '', '.env'), 'utf8');
  const password = /^DB_PASSWORD=(.+)$/m.exec(text)?.[1] ?? assert.fail('.env has no password');
  return {
    app: {
      password,
      environment: {
        DB_HOST: database.host,
        DB_PORT: String(database.port),
        DB_NAME: database.name,
        DB_USER: database.user,
        DB_PASSWORD: password,
      },
    },
  };
}

async function findFile(folder: string, name: string): Promise<string> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const found = entries.find(
    (entry) => entry.isFile() && entry.name === name && !entry.parentPath.includes('node_modules'),
  );
  assert.ok(found, `no ${name} below ${folder}`);
  return join(found.parentPath, found.name);
}
