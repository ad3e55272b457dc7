import assert from 'node:assert/strict';
import { chown, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Client } from 'pg';
import { TemplateCoder } from '../../src/coder/template-coder.ts';
import { SUPERUSER } from '../../src/database/embedded/cluster-folder.ts';
import { connectGivenCluster, type GivenClusterSettings } from '../../src/database/given-cluster.ts';
import { backendEnvironment, type ProvisionedDatabase } from '../../src/domain/provisioned-database.ts';
import { Secret } from '../../src/domain/secret.ts';
import { environmentFile } from '../../src/pipeline/environment-file.ts';
import { keepApart } from '../../src/pipeline/keep-apart.ts';
import { openDatabaseGate } from '../../src/isolation/database-gate.ts';
import { prepareBackendRuntime } from '../../src/machine/backend-runtime.ts';
import { LocalSandboxProvider } from '../../src/sandbox/local-sandbox.ts';
import { LOOPBACK } from '../../src/machine/listener.ts';
import type { RunningCommand, Sandbox } from '../../src/sandbox/sandbox.ts';
import { checkProposal, proposalFromSql } from '../../src/schema/schema.ts';
import { verifyBackend } from '../../src/verify/verify.ts';
import { makeAuthority } from '../support/certificates.ts';
import { startPlainCluster, type PlainCluster } from '../support/plain-cluster.ts';
import { makeTestHome } from '../support/postgres.ts';
import { designOf, openTestDatabases, type TestDatabases } from '../support/test-databases.ts';

const PASSWORD = new Secret('given-password');
const NOTES = `CREATE TABLE notes (id varchar(21) PRIMARY KEY, text text NOT NULL, created_at bigint NOT NULL)`;
const osUser = () => Promise.resolve(process.getuid?.() === 0 ? 29_503 : undefined);
const signal = AbortSignal.timeout(120_000);
const authority = makeAuthority('An authority of this test');

let folder: string;
let home: string;
let server: PlainCluster;
let settings: GivenClusterSettings;
let databases: TestDatabases;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'turbobackend-tls-'));
  home = await makeTestHome();
  server = await startPlainCluster();
  await requireTls(server);
  await server.asSuperuser(`CREATE ROLE admin LOGIN CREATEDB CREATEROLE PASSWORD '${PASSWORD.reveal()}'`);
  settings = {
    host: 'localhost',
    port: server.port,
    user: 'admin',
    password: PASSWORD,
    tls: 'verify',
    caFile: await filed('ca.pem', authority.certificate),
  };
  databases = await openTestDatabases(await connectGivenCluster(settings));
});
after(async () => {
  await databases.close();
  await server.stop();
  for (const path of [folder, home]) await rm(path, { recursive: true, force: true });
});

/** From here on it takes nobody in without encryption but its superuser. */
async function requireTls(cluster: PlainCluster): Promise<void> {
  const { key, certificate } = authority.issue('localhost');
  const { dataFolder } = cluster;
  const { uid, gid } = await stat(dataFolder);
  const files = { 'server.key': key, 'server.crt': certificate };
  for (const [name, content] of Object.entries(files)) {
    await writeFile(join(dataFolder, name), content, { mode: 0o600 });
    await chown(join(dataFolder, name), uid, gid);
  }
  const anywhere = '127.0.0.1/32 scram-sha-256';
  await writeFile(join(dataFolder, 'pg_hba.conf'), `host all ${SUPERUSER} ${anywhere}\nhostssl all all ${anywhere}\n`);
  await cluster.asSuperuser('ALTER SYSTEM SET ssl = on', 'SELECT pg_reload_conf()');
}

async function filed(name: string, content: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
}

test('a certificate that is not what it should be is refused, with what to set', async () => {
  const other = await filed('other.pem', makeAuthority('Somebody else').certificate);
  const refused = [
    [{ caFile: undefined }, /certificate/, /Set DB_CLUSTER_CA_FILE/],
    [{ caFile: other }, /certificate/, /other\.pem, which DB_CLUSTER_CA_FILE names, is not the authority/],
    [{ host: '127.0.0.1' }, /altnames/, /Set DB_CLUSTER_HOST to a name .* 127\.0\.0\.1 is none/],
    [{ tls: 'off' }, /no encryption/, /DB_CLUSTER_TLS=verify/],
  ] as const;
  for (const [change, message, fix] of refused) {
    const failure = { code: 'CLUSTER_UNAVAILABLE', message, fix };
    await assert.rejects(connectGivenCluster({ ...settings, ...change }), failure, JSON.stringify(change));
  }
});

test('a file that holds no authority is a wrong setting', async () => {
  const files = [
    [join(folder, 'nowhere.pem'), /nowhere\.pem, which cannot be read \(ENOENT\)/],
    [await filed('empty.pem', 'nothing'), /holds no certificate/],
    [await filed('damaged.pem', damagedCertificate()), /damaged/],
    [await filed('all.pem', authority.certificate.repeat(200)), /200 certificates, more than fit/],
  ] as const;
  for (const [caFile, message] of files) {
    const failure = { code: 'CONFIG_INVALID', message, fix: /\.$/ };
    await assert.rejects(connectGivenCluster({ ...settings, caFile }), failure, caFile);
    await assert.rejects(connectGivenCluster({ ...settings, caFile }), /DB_CLUSTER_CA_FILE/);
  }
});

function damagedCertificate(): string {
  return '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n';
}

test('words between the certificates of a file do not get any further', async () => {
  const caFile = await filed('words.pem', `Certificate: "An authority"\n${authority.certificate}$HOME # the end\n`);
  const { ca } = await connectGivenCluster({ ...settings, caFile });
  assert.equal(ca, authority.certificate.trim());
});

test(
  'every gate, and the backend itself, gets in with the authority and not without it',
  { timeout: 90_000 },
  async () => {
    const written = await writeBackend();
    const { sandbox, database } = written;
    assert.equal(database.ca, authority.certificate.trim());
    assert.deepEqual(
      (await databases.cluster.query(database.name, 'SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()')).rows,
      [[true]],
    );
    const receipt = await verify(written);
    assert.deepEqual(
      receipt.gates
        .filter(({ status }) => status !== 'passed')
        .map(({ gate, summary, evidence }) => [gate, summary, evidence]),
      [],
    );

    const variables = backendEnvironment(database);
    const { DB_CA: _, ...without } = variables;
    await answers(sandbox, variables, 200, /^listening on/);
    await answers(sandbox, without, 503, /from no authority that Node knows: set DB_CA or DB_CA_FILE/);
    await answers(sandbox, { ...variables, DB_HOST: '127.0.0.1' }, 503, /not for the name in DB_HOST/);
    await fails(sandbox, { ...variables, DB_CA: 'nothing' }, /DB_CA holds no certificate/);
    // As Docker hands it over, which takes the quotes for part of it.
    const literal = /^DB_CA=(.*)$/m.exec(environmentFile(variables))?.[1] ?? '';
    await answers(sandbox, without, 200, /^listening on/, { DB_CA: literal });
  },
);

test('the gate of what a model wrote checks the certificate for it', async () => {
  const { runId, projectId } = await databases.newRun();
  const name = await databases.cluster.claim(runId, projectId);
  await databases.cluster.provision(name, runId, designOf(NOTES));
  const { app, ca } = await databases.cluster.open(name);
  const { port } = server;
  const own = { host: 'localhost', port, tls: 'verify', ca, database: name, user: app.user } as const;
  const others = [{ ca: undefined }, { ca: makeAuthority('Somebody else').certificate }, { host: '127.0.0.1' }];
  for (const change of [{}, ...others]) {
    const gate = await openDatabaseGate({ ...own, ...change }, LOOPBACK);
    const login = { user: app.user, password: app.password.reveal() };
    const client = new Client({ host: '127.0.0.1', port: gate.port, database: name, ...login });
    client.on('error', () => undefined);
    const connected = await client.connect().then(
      () => true,
      () => false,
    );
    assert.equal(connected, Object.keys(change).length === 0, JSON.stringify(change));
    await client.end();
    await gate.close();
  }
});

interface Written {
  readonly sandbox: Sandbox;
  readonly database: ProvisionedDatabase;
  readonly request: Pick<Parameters<typeof verifyBackend>[0], 'runId' | 'projectId' | 'design'>;
}

async function writeBackend(): Promise<Written> {
  const { runId, projectId } = await databases.newRun();
  const { design } = await checkProposal(await proposalFromSql(NOTES), { houseRules: 'tell' });
  assert.ok(design);
  const name = await databases.cluster.claim(runId, projectId);
  const schema = await databases.cluster.provision(name, runId, design);
  const runtime = await prepareBackendRuntime({ home });
  const sandbox = await new LocalSandboxProvider({ root: join(home, 'projects'), runtime, osUser }).open(projectId);
  const statements = design.statements.map(({ sql }) => sql);
  await new TemplateCoder().write({
    blueprint: { name: 'notes', prompt: 'notes', schema, statements, endpoints: [] },
    steps: { runId, signal, step: (_name, effect) => effect(signal) },
    workshop: { openSandbox: () => Promise.resolve(sandbox), database: undefined, check: () => Promise.resolve([]) },
    report: () => Promise.resolve(),
  });
  return { sandbox, database: await databases.cluster.open(name), request: { runId, projectId, design } };
}

/** As for code that a model wrote: the way to the database leads through the sandbox's gate where there is one. */
async function verify({ sandbox, database, request }: Written): ReturnType<typeof verifyBackend> {
  return verifyBackend({
    ...request,
    name: 'notes',
    prompt: 'notes',
    planner: 'builtin',
    database,
    earlierGates: [],
    sandbox: await keepApart(sandbox),
    files: await sandbox.readFiles(await sandbox.listFiles()),
    versions: {},
    cloneDatabase: () => databases.cluster.clone(database.name, request.runId),
    dropClone: (name) => databases.cluster.drop(name),
    signal,
    onGate: () => Promise.resolve(),
  });
}

/** Starts the backend as its own `npm start` does, with these variables in its `.env`, and asks whether it is ready. */
async function answers(
  sandbox: Sandbox,
  variables: Readonly<Record<string, string>>,
  status: number,
  output: RegExp,
  environment: Readonly<Record<string, string>> = {},
): Promise<void> {
  const { command, url } = await start(sandbox, variables, environment);
  try {
    const answer = await fetch(`${url}/readyz`, { signal });
    assert.equal(answer.status, status, command.output());
    assert.doesNotMatch(await answer.text(), /certificate/i);
    assert.match(command.output(), output);
  } finally {
    await command.stop();
  }
}

async function fails(sandbox: Sandbox, variables: Readonly<Record<string, string>>, output: RegExp): Promise<void> {
  const { command } = await start(sandbox, variables, {});
  const { exitCode } = await command.ended;
  assert.notEqual(exitCode, 0);
  assert.match(command.output(), output);
}

async function start(
  sandbox: Sandbox,
  variables: Readonly<Record<string, string>>,
  more: Readonly<Record<string, string>>,
): Promise<{ readonly command: RunningCommand; readonly url: string }> {
  const port = await sandbox.freePort();
  await sandbox.writeFiles([{ path: '.env', content: environmentFile(variables), mode: 0o600 }]);
  const environment = { PORT: String(port), ...more };
  const command = await sandbox.start(['node', '--env-file-if-exists=.env', 'src/server.ts'], { environment, signal });
  while (!command.output().includes('listening on') && (await stillRuns(command)));
  return { command, url: await sandbox.urlOf(port) };
}

function stillRuns(command: RunningCommand): Promise<boolean> {
  return Promise.race([
    command.ended.then(() => false),
    new Promise<boolean>((resolve) => {
      setTimeout(() => resolve(true), 20);
    }),
  ]);
}
