import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { SchemaDesign } from '../src/domain/schema-design.ts';
import { prepareBackendRuntime, type BackendRuntime } from '../src/machine/backend-runtime.ts';
import { startTestCluster, type TestCluster } from '../test/support/postgres.ts';
import { openTestDatabases, type TestDatabases } from '../test/support/test-databases.ts';
import { designBlog } from './blog-design.ts';

/** What the parts measure with: an embedded cluster of the bench's own, and what backends run with. */
export interface Workbench {
  readonly server: TestCluster;
  readonly databases: TestDatabases;
  readonly design: SchemaDesign;
  readonly runtime: BackendRuntime;
  /** Aborted when the bench ends, however it ends: by then every process started with it is gone. */
  readonly signal: AbortSignal;
  /** A new folder that goes with the bench. */
  readonly newFolder: () => Promise<string>;
}

/** Runs `work` on a workbench and clears it away. */
export async function withWorkbench<Result>(work: (bench: Workbench) => Promise<Result>): Promise<Result> {
  const leaving = new AbortController();
  // Before the cluster's own, which also removes the folder that the processes work in.
  const leave = (): void => leaving.abort();
  process.once('exit', leave);
  const server = await startTestCluster();
  try {
    const databases = await openTestDatabases(server.postgres);
    try {
      const [design, runtime] = await Promise.all([designBlog(), prepareBackendRuntime({ home: server.home })]);
      const newFolder = (): Promise<string> => mkdtemp(join(server.home, 'bench-'));
      return await work({ server, databases, design, runtime, signal: leaving.signal, newFolder });
    } finally {
      leaving.abort();
      await databases.close();
    }
  } finally {
    await server.stop();
    await rm(server.home, { recursive: true, force: true });
    process.removeListener('exit', leave);
  }
}
