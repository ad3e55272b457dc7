import { backendEnvironment } from '../../domain/provisioned-database.ts';
import type { Sandbox } from '../../sandbox/sandbox.ts';
import { environmentFile } from '../environment-file.ts';
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
  await context.end('sandbox', provided ? `${sandboxId} · .env with the DB_* variables` : sandboxId);
}

/** Leaves what the backend reads to reach its database in the sandbox, and nobody else to read it there. */
export async function writeEnvironment(
  { order, ports }: RunContext,
  provided: ProvidedDatabase | undefined,
): Promise<Sandbox> {
  const sandbox = await ports.sandboxes.open(order.projectId);
  const database = provided && (await ports.cluster.open(provided.name));
  const variables = database ? backendEnvironment(database) : {};
  await sandbox.writeFiles([{ path: '.env', content: environmentFile(variables), mode: 0o600 }]);
  return sandbox;
}
