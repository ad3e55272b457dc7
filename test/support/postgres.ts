import { rmSync } from 'node:fs';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import type { EmbeddedPostgres } from '../../src/database/embedded/embedded-postgres.ts';
import { ensureEmbeddedPostgres, stopEmbeddedPostgres } from '../../src/database/embedded/embedded-postgres.ts';

/** A Postgres of a test file's own, in a temporary folder. */
export interface TestCluster {
  /** Where the server is and how its admin gets in: what a `PostgresCluster` takes. */
  readonly postgres: EmbeddedPostgres;
  /** A TURBOBACKEND_HOME that the cluster belongs to. */
  readonly home: string;
  /** Of a database as the admin, by default the control database. */
  connectionString(database?: string): string;
  /** A connection of the admin's; the caller ends it. */
  connect(database?: string): Promise<Client>;
  /** Stops the server and removes the folder. */
  stop(): Promise<void>;
}

/** Starts an embedded cluster; stop it with `after(() => cluster.stop())`. It does not outlive this process either way. */
export async function startTestCluster(): Promise<TestCluster> {
  const home = await makeTestHome();
  const postgres = await ensureEmbeddedPostgres({ home });
  const abandon = (): void => abandonCluster(home, postgres.pid);
  process.once('exit', abandon);
  // A test run that is interrupted or takes too long ends by these, which know nothing of `exit`.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, leave);
  const connectionString = (database = postgres.controlDatabase): string => {
    const { admin, host, port } = postgres;
    return `postgresql://${admin.user}:${admin.password.reveal()}@${host}:${port}/${database}`;
  };
  return {
    postgres,
    home,
    connectionString,
    async connect(database) {
      const client = new Client({ connectionString: connectionString(database) });
      client.on('error', () => {});
      await client.connect();
      return client;
    },
    async stop() {
      process.removeListener('exit', abandon);
      for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.removeListener(signal, leave);
      await stopEmbeddedPostgres(home);
      await rm(home, { recursive: true, force: true });
    },
  };
}

/** A temporary folder that Postgres' own user can pass through. */
export async function makeTestHome(): Promise<string> {
  const home = await mkdtemp(join(tmpdir(), 'turbobackend-test-'));
  await chmod(home, 0o711);
  return home;
}

function leave(): void {
  process.exit(1);
}

/** The test process is leaving without having stopped its server. */
function abandonCluster(home: string, pid: number): void {
  try {
    process.kill(pid, 'SIGQUIT');
  } catch {
    // It is gone already.
  }
  rmSync(home, { recursive: true, force: true });
}
