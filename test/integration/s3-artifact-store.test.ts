import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { subscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import type { ClientRequest } from 'node:http';
import { after, before, test } from 'node:test';
import { describeArtifactStore } from '../../src/artifacts/artifact-store.contract.ts';
import { S3ArtifactStore } from '../../src/artifacts/s3-artifact-store.ts';
import type { TurboError } from '../../src/domain/errors.ts';
import { newId } from '../../src/domain/ids.ts';
import { Redactor } from '../../src/domain/redactor.ts';
import { Secret } from '../../src/domain/secret.ts';
import type { Fault } from '../support/cloud/fault-list.ts';
import { errorBody, startS3Server, type S3Server } from '../support/cloud/s3-server.ts';

type Settings = ConstructorParameters<typeof S3ArtifactStore>[0];

const BUCKET = 'archives';
const INSTALLATION = 'test0000';
const FILES = [
  { path: 'README.md', content: '# A blog\n' },
  { path: 'src/server.ts', content: 'listen();\n'.repeat(100) },
];

// Nothing of the machine that this runs on: no key, no profile, no role.
process.env['AWS_EC2_METADATA_DISABLED'] = 'true';
process.env['AWS_SHARED_CREDENTIALS_FILE'] = process.env['AWS_CONFIG_FILE'] = '/dev/null';
for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN', 'AWS_PROFILE'])
  delete process.env[name];

let server: S3Server;
const asked = new Set<string>();
subscribe('http.client.request.start', (message) => {
  const { request } = message as { readonly request: ClientRequest };
  asked.add(String(request.getHeader('host')));
});

before(async () => {
  server = await startS3Server({ buckets: [BUCKET], pageSize: 2 });
});
after(() => server.stop());

function openStore(change: Partial<Settings> = {}): S3ArtifactStore {
  const { accessKeyId, secretAccessKey, region } = server.key;
  return new S3ArtifactStore({
    bucket: BUCKET,
    region,
    endpoint: server.url,
    checksums: 'when-required',
    credentials: { accessKeyId, secretAccessKey: new Secret(secretAccessKey) },
    installationId: INSTALLATION,
    redactor: new Redactor(),
    timeoutMs: 2000,
    budgetMs: 8000,
    ...change,
  });
}

async function objectsOf(projectId: string, bucket = BUCKET): Promise<readonly string[]> {
  return ((await server.objects(bucket)) ?? []).filter((key) => key.includes(projectId));
}

for (const checksums of ['when-required', 'when-supported'] as const) {
  describeArtifactStore(`S3ArtifactStore with checksums ${checksums}`, () => Promise.resolve(openStore({ checksums })));
}

test('names an object by installation, project and content, says on it whose it is, and stores it once', async () => {
  const projectId = newId('project');
  const store = openStore();
  const { hash, location } = await store.save(projectId, FILES);
  const key = `turbobackend/${INSTALLATION}/projects/${projectId}/${hash}.tar.gz`;
  assert.equal(location, `s3://${BUCKET}/${key}`);
  const metadata = await server.metadata(BUCKET, key);
  const marks = ['project', 'installation', 'sha256'].map((name) => metadata[`x-amz-meta-${name}`]);
  assert.deepEqual(marks, [projectId, INSTALLATION, hash]);
  const already = server.requests.length;
  await openStore().save(projectId, FILES);
  assert.deepEqual(
    server.requests.slice(already).map(({ method }) => method),
    ['HEAD'],
  );
});

test('leaves other installations and other things in the bucket alone', async () => {
  const projectId = newId('project');
  await openStore().save(projectId, FILES);
  await openStore({ installationId: 'other000' }).save(projectId, FILES);
  const foreign = `turbobackend/${INSTALLATION}/projects/notes.txt`;
  await server.place(BUCKET, foreign, Buffer.from('notes'));
  assert.ok((await openStore().list()).every((found) => found.startsWith('project_')));
  await openStore().remove(projectId);
  assert.deepEqual(await openStore({ installationId: 'other000' }).list(), [projectId]);
  assert.ok((await server.objects(BUCKET))?.includes(foreign));
});

test('refuses an object that is not what it was stored as, and stores it anew', async () => {
  const projectId = newId('project');
  const store = openStore();
  const { hash, sizeBytes } = await store.save(projectId, FILES);
  const [key = ''] = await objectsOf(projectId);
  const metadata = await server.metadata(BUCKET, key);
  const marks = Object.entries(metadata).filter(([name]) => name.startsWith('x-amz-meta-'));
  await server.place(BUCKET, key, Buffer.alloc(sizeBytes, 'x'), Object.fromEntries(marks) as Record<string, string>);
  await assert.rejects(store.load(projectId, hash), { code: 'PUBLISH_FAILED', message: /not what it was stored as/ });
  await store.save(projectId, FILES);
  assert.deepEqual(await store.load(projectId, hash), FILES);
});

const PASSING: readonly (readonly [what: string, fault: Omit<Fault, 'path' | 'times'>])[] = [
  ['is reset before it was done', { reset: true }],
  ['is done, but its answer lost', { after: true }],
  ['is turned away for a moment', { status: 503, body: errorBody('SlowDown'), headers: { 'retry-after': '1' } }],
  [
    'meets too many others',
    { status: 429, body: errorBody('TooManyRequestsException'), headers: { 'retry-after': '0' } },
  ],
  ['meets trouble at the other side', { status: 500, body: errorBody('InternalError') }],
  ['is slow', { delayMs: 2500 }],
];

for (const [what, fault] of PASSING) {
  test(`carries each thing out once when a request ${what}`, { timeout: 30_000 }, async () => {
    const store = openStore({ timeoutMs: 500 });
    const projectId = newId('project');
    const path = new RegExp(`^/${BUCKET}`);
    for (const method of ['HEAD', 'PUT']) server.faults.add({ ...fault, method, path, times: 1 });
    const { hash } = await store.save(projectId, FILES);
    assert.equal((await objectsOf(projectId)).length, 1);
    server.faults.add({ ...fault, method: 'GET', path, times: 1 });
    assert.deepEqual(await store.load(projectId, hash), FILES);
    for (const method of ['GET', 'DELETE']) server.faults.add({ ...fault, method, path, times: 1 });
    await store.remove(projectId);
    assert.deepEqual(await objectsOf(projectId), []);
    assert.deepEqual(server.faults.unused, []);
  });
}

test('sends an archive again that arrived damaged', async () => {
  const projectId = newId('project');
  server.faults.add({ method: 'PUT', path: /./, times: 1, status: 400, body: errorBody('BadDigest') });
  await openStore().save(projectId, FILES);
  assert.equal((await objectsOf(projectId)).length, 1);
});

test('reads on when the connection breaks in the midst of an archive', async () => {
  const projectId = newId('project');
  const store = openStore();
  const { hash } = await store.save(projectId, FILES);
  const broken = { status: 200, body: 'half', headers: { 'content-length': '400' }, delayMs: 0 };
  server.faults.add({ method: 'GET', path: /./, times: 1, ...broken });
  assert.deepEqual(await openStore({ timeoutMs: 500 }).load(projectId, hash), FILES);
});

interface Refusal {
  readonly what: string;
  readonly settings?: () => Partial<Settings>;
  readonly fault?: Pick<Fault, 'status' | 'body' | 'headers'>;
  readonly code: TurboError['code'];
  readonly says: RegExp;
  readonly fix: RegExp;
}

const WRONG_SECRET = 'not-the-secret-of-this-key';

const REFUSALS: readonly Refusal[] = [
  {
    what: 'a key that nobody knows',
    settings: () => ({ credentials: { accessKeyId: 'AKIANOBODY', secretAccessKey: new Secret(WRONG_SECRET) } }),
    code: 'PROVIDER_KEY_REFUSED',
    says: /403 InvalidAccessKeyId/,
    fix: /AWS_ACCESS_KEY_ID/,
  },
  {
    what: "another key's secret",
    settings: () => ({
      credentials: { accessKeyId: server.key.accessKeyId, secretAccessKey: new Secret(WRONG_SECRET) },
    }),
    code: 'PROVIDER_KEY_REFUSED',
    says: /403 SignatureDoesNotMatch/,
    fix: /AWS_SECRET_ACCESS_KEY/,
  },
  {
    what: 'temporary keys that have run out',
    fault: { status: 400, body: errorBody('ExpiredToken') },
    code: 'PROVIDER_KEY_REFUSED',
    says: /ExpiredToken/,
    fix: /AWS_SESSION_TOKEN/,
  },
  {
    what: 'a wrong region',
    settings: () => ({ region: 'us-east-9' }),
    code: 'PUBLISH_FAILED',
    says: /the bucket lies in eu-test-1/,
    fix: /S3_REGION.*us-east-9 it is not/,
  },
  {
    what: 'a bucket that lies elsewhere',
    fault: { status: 301, body: errorBody('PermanentRedirect'), headers: { 'x-amz-bucket-region': 'eu-north-1' } },
    code: 'PUBLISH_FAILED',
    says: /the bucket lies in eu-north-1/,
    fix: /S3_REGION/,
  },
  {
    what: 'a key without the rights',
    fault: { status: 403, body: errorBody('AccessDenied') },
    code: 'PROVIDER_REFUSED',
    says: /403 AccessDenied/,
    fix: /AWS_ACCESS_KEY_ID the rights that docs\/deploy\.md lists/,
  },
  {
    what: 'a clock that is wrong',
    fault: { status: 403, body: errorBody('RequestTimeTooSkewed'), headers: { date: new Date().toUTCString() } },
    code: 'PROVIDER_REFUSED',
    says: /RequestTimeTooSkewed/,
    fix: /clock/,
  },
  {
    what: 'a server that knows no newer checksums',
    fault: { status: 501, body: errorBody('NotImplemented') },
    code: 'PUBLISH_FAILED',
    says: /501 NotImplemented/,
    fix: /S3_CHECKSUMS=when-required/,
  },
  {
    what: 'trouble that does not pass',
    fault: { status: 503, body: errorBody('SlowDown') },
    code: 'PROVIDER_UNAVAILABLE',
    says: /answered 503/,
    fix: /run it again later/,
  },
  {
    what: 'a host that cannot be reached',
    settings: () => ({ endpoint: 'http://127.0.0.1:1' }),
    code: 'PROVIDER_UNAVAILABLE',
    says: /cannot be reached at 127\.0\.0\.1:1 \(ECONNREFUSED\)/,
    fix: /S3_ENDPOINT/,
  },
  {
    what: 'an address where something else answers',
    fault: { status: 200, body: '<html>Welcome!' },
    code: 'PUBLISH_FAILED',
    says: /does not speak S3's language/,
    fix: /S3_ENDPOINT/,
  },
];

for (const { what, settings, fault, code, says, fix } of REFUSALS) {
  test(`tells of ${what}, and works when that is mended`, { timeout: 30_000 }, async () => {
    const projectId = newId('project');
    const store = openStore({ ...settings?.(), maxAttempts: 2 });
    const calls = { save: () => store.save(projectId, FILES), list: () => store.list(), check: () => store.check() };
    for (const [name, call] of Object.entries(calls)) {
      // What is answered to a PUT or a HEAD has no body that could be anything else.
      if (fault?.status === 200 && name !== 'list') continue;
      if (fault) server.faults.add({ ...fault, path: /./, times: 20 });
      const error = await call().then(
        () => assert.fail(`${name} went well`),
        (thrown: unknown) => thrown as TurboError,
      );
      server.faults.clear();
      assert.equal(error.code, code, `${name}: ${error.message}`);
      // An answer to HEAD has no body: its status, and what GET says of it, is all there is.
      if (name !== 'check') assert.match(error.message, says, name);
      if (name !== 'check' || code !== 'PUBLISH_FAILED') assert.match(error.fix ?? '', fix, name);
      assertTellsNoSecret(error);
    }
    await openStore().save(projectId, FILES);
    assert.equal((await objectsOf(projectId)).length, 1);
  });
}

/** Neither as text nor in what it carries along. */
function assertTellsNoSecret(error: unknown): void {
  for (let at = error; at instanceof Error; at = at.cause) {
    const text = [at.message, at.stack, JSON.stringify(Object.fromEntries(Object.entries(at)))].join('\n');
    assert.doesNotMatch(text, /AWS4-HMAC|Signature=|x-amz-date/i);
    for (const secret of [WRONG_SECRET, server.key.secretAccessKey]) assert.ok(!text.includes(secret), text);
    assert.ok(!('$metadata' in at) && !('$response' in at));
  }
}

test('takes a secret that an endpoint answers with out of what it tells', async () => {
  const { secretAccessKey } = server.key;
  const body = errorBody('AccessDenied').replace('This is', `You sent ${secretAccessKey}, this is`);
  server.faults.add({ method: 'GET', path: /./, times: 1, status: 403, body });
  await assert.rejects(openStore().list(), { code: 'PROVIDER_REFUSED', message: /You sent \[secret\], this is/ });
});

test('makes a bucket that is missing at a server that is not Amazon, once, though the answer is lost', async () => {
  const projectId = newId('project');
  const store = openStore({ bucket: 'new-bucket' });
  assert.match(await store.check(), /^new-bucket at .*made with the first archive/);
  assert.deepEqual(await store.list(), []);
  await store.remove(projectId);
  server.faults.add({ method: 'PUT', path: /^\/new-bucket\/?$/, times: 1, after: true });
  await store.save(projectId, FILES);
  assert.equal((await objectsOf(projectId, 'new-bucket')).length, 1);
  assert.doesNotMatch(await store.check(), /first archive/);
});

test('hands temporary keys over with their token', async () => {
  const guarded = await startS3Server({ buckets: [BUCKET], sessionToken: 'a-session-token' });
  try {
    const { accessKeyId, secretAccessKey, sessionToken } = guarded.key;
    const credentials = { accessKeyId, secretAccessKey: new Secret(secretAccessKey) };
    const given = {
      endpoint: guarded.url,
      credentials: { ...credentials, sessionToken: new Secret(sessionToken ?? '') },
    };
    assert.match(await openStore(given).check(), /^archives at 127/);
    await assert.rejects(openStore({ ...given, credentials }).list(), { code: 'PROVIDER_KEY_REFUSED' });
  } finally {
    await guarded.stop();
  }
});

test('says that there is no key where the machine has none either, and uses the one that it has', async () => {
  const redactor = new Redactor();
  const store = openStore({ credentials: undefined, redactor });
  await assert.rejects(store.list(), { code: 'CONFIG_INVALID', fix: /AWS_ACCESS_KEY_ID/ });
  process.env['AWS_ACCESS_KEY_ID'] = server.key.accessKeyId;
  process.env['AWS_SECRET_ACCESS_KEY'] = server.key.secretAccessKey;
  try {
    await store.list();
  } finally {
    delete process.env['AWS_ACCESS_KEY_ID'];
    delete process.env['AWS_SECRET_ACCESS_KEY'];
  }
  assert.equal(redactor.redact(server.key.secretAccessKey), '[secret]');
});

test('has Amazon encrypt, does without where that is refused, and makes no bucket there', async () => {
  // The SDK's own way to stand in for Amazon.
  process.env['AWS_ENDPOINT_URL_S3'] = server.url;
  try {
    const store = openStore({ endpoint: undefined });
    const puts = (): readonly unknown[] =>
      server.requests
        .filter(({ method }) => method === 'PUT')
        .map(({ headers }) => headers['x-amz-server-side-encryption']);
    await store.save(newId('project'), FILES);
    assert.equal(puts().at(-1), 'AES256');
    for (const refusal of ['NotImplemented', 'AccessDenied']) {
      const projectId = newId('project');
      server.faults.add({ method: 'PUT', path: /./, times: 1, status: 501, body: errorBody(refusal) });
      await store.save(projectId, FILES);
      assert.deepEqual(puts().slice(-2), ['AES256', undefined]);
      assert.equal((await objectsOf(projectId)).length, 1);
    }
    const missing = openStore({ endpoint: undefined, bucket: 'missing' });
    const failure = { code: 'PUBLISH_FAILED', message: /NoSuchBucket/, fix: /S3_BUCKET/ };
    await assert.rejects(missing.save(newId('project'), FILES), failure);
    await assert.rejects(missing.check(), failure);
    assert.equal(await server.objects('missing'), undefined);
  } finally {
    delete process.env['AWS_ENDPOINT_URL_S3'];
  }
});

test('is carried out once by a process that takes over from one that was killed', async () => {
  const projectId = newId('project');
  for (const stored of [false, true]) {
    const killed = spawn(process.execPath, ['--input-type=module', '-e', savingProcess(projectId)], {
      stdio: 'ignore',
    });
    const ended = once(killed, 'exit');
    const onHit = (): void => void killed.kill('SIGKILL');
    // Held back, so that the answer never comes: once before it is stored, once after.
    server.faults.add({
      method: 'PUT',
      path: /./,
      times: 1,
      delayMs: stored ? 0 : 200,
      after: stored,
      reset: true,
      onHit,
    });
    await ended;
    assert.deepEqual(server.faults.unused, []);
  }
  await openStore().save(projectId, FILES);
  assert.equal((await objectsOf(projectId)).length, 1);
});

function savingProcess(projectId: string): string {
  const { accessKeyId, secretAccessKey, region } = server.key;
  return `
    import { S3ArtifactStore } from ${sourceAt('artifacts/s3-artifact-store.ts')};
    import { Redactor } from ${sourceAt('domain/redactor.ts')};
    import { Secret } from ${sourceAt('domain/secret.ts')};
    const credentials = { accessKeyId: '${accessKeyId}', secretAccessKey: new Secret('${secretAccessKey}') };
    const store = new S3ArtifactStore({
      bucket: '${BUCKET}', region: '${region}', endpoint: '${server.url}', checksums: 'when-required',
      credentials, installationId: '${INSTALLATION}', redactor: new Redactor(),
    });
    await store.save('${projectId}', ${JSON.stringify(FILES)});
  `;
}

function sourceAt(path: string): string {
  return JSON.stringify(new URL(`../../src/${path}`, import.meta.url).href);
}

test('gives up a check when it is called off', async () => {
  const reason = new Error('called off');
  server.faults.add({ path: /./, times: 1, delayMs: 1000 });
  const controller = new AbortController();
  setTimeout(() => controller.abort(reason), 50);
  await assert.rejects(openStore().check(controller.signal), reason);
});

test('asks nobody but the endpoint', () => {
  assert.ok(
    [...asked].every((host) => host.startsWith('127.0.0.1:')),
    [...asked].join(),
  );
});
