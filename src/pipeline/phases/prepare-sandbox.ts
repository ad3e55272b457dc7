import { databaseEnvironment, type ProvisionedDatabase } from '../../domain/provisioned-database.ts';
import type { Sandbox } from '../../sandbox/sandbox.ts';
import type { RunContext } from '../run-context.ts';
import type { ProvidedDatabase } from './provide-database.ts';

/** Opens the project's sandbox and leaves the database's variables in its `.env`. */
export async function prepareSandbox(context: RunContext, provided: ProvidedDatabase | undefined): Promise<void> {
  const { order, ports, records, steps } = context;
  await context.begin('sandbox', 'Opening the sandbox');
  steps.undo('remove-sandbox', () => ports.sandboxes.remove(order.projectId));
  const { sandboxId, directory } = await steps.step('sandbox', async () => {
    const sandbox = await writeEnvironment(context, provided);
    return { sandboxId: sandbox.id, directory: sandbox.directory };
  });
  await records.recordSandbox({ externalId: sandboxId, directory });
  await records.update({ sourceDir: directory });
  await context.end('sandbox', provided ? `${sandboxId} · .env with 5 DB_* variables` : sandboxId);
}

/** Leaves what the backend reads to reach its database in the sandbox, and nobody else to read it there. */
export async function writeEnvironment(
  { order, ports }: RunContext,
  provided: ProvidedDatabase | undefined,
): Promise<Sandbox> {
  const sandbox = await ports.sandboxes.open(order.projectId);
  const database = provided && (await ports.cluster.open(provided.name));
  await sandbox.writeFiles([{ path: '.env', content: environmentFile(database), mode: 0o600 }]);
  return sandbox;
}

/** The text of `.env`; only a comment without a database, so that the backend finds the file either way. */
function environmentFile(database: ProvisionedDatabase | undefined): string {
  if (!database) return '# This backend keeps no data and needs no settings.\n';
  const { name, host, port, tls, app } = database;
  const variables = databaseEnvironment({ host, port, tls, database: name, ...app });
  return Object.entries(variables)
    .map(([variable, value]) => `${variable}=${value}\n`)
    .join('');
}
