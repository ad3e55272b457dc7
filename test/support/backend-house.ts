import { spawn, type ChildProcess } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readCatalog } from '../../src/database/read-catalog.ts';
import type { AccessPlan } from '../../src/domain/access.ts';
import type { DatabaseSchema } from '../../src/domain/database-schema.ts';
import type { SourceFile } from '../../src/domain/source-file.ts';
import { scaffoldBackend } from '../../src/scaffold/scaffold.ts';
import { accountStatements } from '../../src/schema/schema.ts';
import { startTestCluster, type TestCluster } from './postgres.ts';

export const PACKAGES = fileURLToPath(new URL('../../node_modules', import.meta.url));

/** A generated backend on disk, and its database. */
export interface Backend {
  readonly directory: string;
  readonly database: string;
}

/** Where generated backends are made and run: a Postgres and a folder of a test file's own. */
export interface BackendHouse {
  readonly cluster: TestCluster;
  makeBackend(sql: string, access?: AccessPlan): Promise<Backend>;
  createDatabase(sql: string): Promise<string>;
  writeFiles(files: readonly SourceFile[]): Promise<string>;
  /** Runs node in the backend's folder; resolves with what it printed when it ends. */
  run(backend: Backend, args: readonly string[], extra?: Environment): Promise<{ code: number | null; output: string }>;
  /** Starts the backend's server on a free port; `stop` ends every one of them. */
  serve(backend: Backend, extra?: Environment): Promise<{ readonly url: string; readonly server: ChildProcess }>;
  stop(): Promise<void>;
}

type Environment = Readonly<Record<string, string>>;

export async function openBackendHouse(): Promise<BackendHouse> {
  const cluster = await startTestCluster();
  const folder = await mkdtemp(join(tmpdir(), 'turbobackend-scaffold-'));
  await symlink(PACKAGES, join(folder, 'node_modules'));
  const servers: ChildProcess[] = [];
  let databases = 0;

  async function createDatabase(sql: string): Promise<string> {
    const name = `scaffold_${++databases}`;
    const admin = await cluster.connect();
    await admin.query(`CREATE DATABASE ${name} TEMPLATE template0 ENCODING 'UTF8'`);
    await admin.end();
    const client = await cluster.connect(name);
    await client.query(sql);
    await client.end();
    return name;
  }

  async function writeFiles(files: readonly SourceFile[]): Promise<string> {
    const directory = await mkdtemp(join(folder, 'backend-'));
    for (const { path, content } of files) {
      await mkdir(dirname(join(directory, path)), { recursive: true });
      await writeFile(join(directory, path), content);
    }
    return directory;
  }

  return {
    cluster,
    createDatabase,
    writeFiles,
    async makeBackend(sql, access) {
      const database = await createDatabase(sql);
      const schema = await catalogOf(cluster, database);
      const added = accountStatements(access, schema).map((statement) => statement.sql);
      await runAll(cluster, database, added);
      const statements = [sql, ...added];
      const blueprint = { name: 'shape', prompt: 'a shape', schema, statements, access, endpoints: [] };
      return { directory: await writeFiles(await scaffoldBackend(blueprint)), database };
    },
    run: (backend, args, extra = {}) => runNode(backend, args, { ...environmentOf(cluster, backend), ...extra }),
    async serve(backend, extra = {}) {
      const env = { ...environmentOf(cluster, backend), PORT: '0', ...extra };
      const server = spawn(process.execPath, ['src/server.ts'], { cwd: backend.directory, env });
      servers.push(server);
      return { url: await addressOf(server), server };
    },
    async stop() {
      for (const server of servers) server.kill('SIGKILL');
      await cluster.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function runAll(cluster: TestCluster, database: string, statements: readonly string[]): Promise<void> {
  const client = await cluster.connect(database);
  for (const statement of statements) await client.query(statement);
  await client.end();
}

async function catalogOf(cluster: TestCluster, database: string): Promise<DatabaseSchema> {
  const client = await cluster.connect(database);
  const schema = await readCatalog(client);
  await client.end();
  return schema;
}

function environmentOf({ postgres }: TestCluster, { database }: Backend): Record<string, string> {
  return {
    PATH: process.env['PATH'] ?? '',
    DB_HOST: postgres.host,
    DB_PORT: String(postgres.port),
    DB_NAME: database,
    DB_USER: postgres.admin.user,
    DB_PASSWORD: postgres.admin.password.reveal(),
  };
}

function runNode(
  backend: Backend,
  args: readonly string[],
  env: Environment,
): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, { cwd: backend.directory, env });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.on('close', (code) => resolve({ code, output }));
  });
}

function addressOf(server: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let output = '';
    const read = (chunk: Buffer): void => {
      output += chunk.toString();
      const address = /^listening on (\S+)/m.exec(output)?.[1];
      if (address) resolve(address);
    };
    server.stdout?.on('data', read);
    server.stderr?.on('data', read);
    server.once('exit', () => reject(new Error(output)));
  });
}
