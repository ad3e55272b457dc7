import { backendEnvironment } from '../../domain/provisioned-database.ts';
import type { Sandbox } from '../../sandbox/sandbox.ts';
import { environmentFile } from '../environment-file.ts';
import { phase } from '../phase.ts';
import type { RunContext, RunDatabase } from '../run-context.ts';

/** Opens the project's sandbox and leaves the database's variables in its `.env`. */
export const prepareSandbox = phase(
  'sandbox',
  'Opening the sandbox',
  async (run, database: RunDatabase | undefined) => {
    const { order, ports, records, steps } = run;
    steps.undo('remove-sandbox', () => ports.sandboxes.remove(order.projectId));
    const { sandboxId, directory } = await steps.step('sandbox', async () => {
      const sandbox = await writeEnvironment(run, database);
      return { sandboxId: sandbox.id, directory: sandbox.directory };
    });
    await records.recordSandbox({ externalId: sandboxId, directory });
    await records.update({ sourceDir: directory });
    return database ? `${sandboxId} · .env with the DB_* variables` : sandboxId;
  },
);

/** Leaves what the backend reads to reach its database in the sandbox, and nobody else to read it there. */
export async function writeEnvironment(
  { order, ports }: RunContext,
  database: RunDatabase | undefined,
): Promise<Sandbox> {
  const sandbox = await ports.sandboxes.open(order.projectId);
  const variables = database ? backendEnvironment(await ports.cluster.open(database.name)) : {};
  await sandbox.writeFiles([{ path: '.env', content: environmentFile(variables), mode: 0o600 }]);
  return sandbox;
}
