import { TurboError } from '../../domain/errors.ts';
import { dummySecrets } from '../../domain/project-secrets.ts';
import type { ProvisionedDatabase } from '../../domain/provisioned-database.ts';
import type { SourceFile } from '../../domain/source-file.ts';
import type { Sandbox } from '../../sandbox/sandbox.ts';
import { startBackend, waitFor } from '../backend-server.ts';
import { HttpClient } from '../http-client.ts';

/** Where a release from before lies in the project's folder while it is asked; no part of the source. */
const FOLDER = '.before';
const START_TIMEOUT_MS = 15_000;

export interface EarlierRelease {
  readonly files: readonly SourceFile[];
  /** Whoever asks it, and asks again after a kill, gives the same: nothing of it is left then. */
  readonly mark: string;
}

export interface RunningRelease {
  readonly client: HttpClient;
  /** From its start until it was ready. */
  readonly readyMs: number;
}

/**
 * Runs a release on a database, beside whatever lies in the sandbox, while `use` works with it; undefined for the
 * source that lies there itself. Resolves to undefined when it does not become ready.
 */
export async function withRelease<T>(
  sandbox: Sandbox,
  earlier: EarlierRelease | undefined,
  database: ProvisionedDatabase,
  signal: AbortSignal,
  use: (release: RunningRelease) => Promise<T>,
): Promise<T | undefined> {
  if (!earlier) return runFrom(sandbox, '', database, signal, use);
  const folder = `${FOLDER}/${earlier.mark}`;
  try {
    await sandbox.writeFiles(earlier.files.map(({ path, content }) => ({ path: `${folder}/${path}`, content })));
    return await runFrom(sandbox, `${folder}/`, database, signal, use);
  } finally {
    await sandbox.run(['rm', '-rf', folder]);
    // Not when another one lies in it.
    await sandbox.run(['rmdir', FOLDER]);
  }
}

async function runFrom<T>(
  sandbox: Sandbox,
  folder: string,
  database: ProvisionedDatabase,
  signal: AbortSignal,
  use: (release: RunningRelease) => Promise<T>,
): Promise<T | undefined> {
  const startedAtMs = performance.now();
  const program = `${folder}src/server.ts`;
  const secrets = await dummiesIn(sandbox, `${folder}.env.example`);
  const server = await startBackend(sandbox, { database, secrets, nodeArguments: [], program, signal });
  const client = new HttpClient(server.url);
  let ended = false;
  void server.command.ended.then(() => (ended = true));
  try {
    const ready = await waitFor(client, '/readyz', { timeoutMs: START_TIMEOUT_MS, signal, gaveUp: () => ended });
    if (ready.status !== 200) return undefined;
    return await use({ client, readyMs: Math.round(performance.now() - startedAtMs) });
  } finally {
    client.close();
    await server.command.stop();
  }
}

/** Of what the release itself asks for. */
async function dummiesIn(sandbox: Sandbox, example: string): Promise<Readonly<Record<string, string>>> {
  const content = await sandbox.readFile(example).catch((error: unknown) => {
    if (error instanceof TurboError && error.code === 'SANDBOX_PATH_REFUSED') return '';
    throw error;
  });
  return dummySecrets([{ path: '.env.example', content }]);
}
