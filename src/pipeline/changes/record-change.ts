import type { Receipt } from '../../domain/receipt.ts';
import type { RunContext } from '../run-context.ts';
import { orderOf } from './order-of.ts';

export interface ChangeMade {
  readonly commit: string;
  readonly artifact: string;
  readonly receipt: Receipt;
  readonly url: string;
  readonly sourceHash: string;
}

/** From here on the project is in the new revision. */
export async function recordChange(run: RunContext, made: ChangeMade): Promise<void> {
  const { order, ports, records, steps } = run;
  const { work } = orderOf(run);
  await steps.step('record-revision', async () => {
    const sandbox = await ports.sandboxes.open(order.projectId);
    const database = order.databaseName === undefined ? undefined : await ports.cluster.open(order.databaseName);
    await records.recordRevision({
      number: work.revision,
      kind: work.kind,
      prompt: work.prompt,
      commit: made.commit,
      artifact: made.artifact,
      sourceHash: made.sourceHash,
      steps: work.database?.steps ?? [],
      migrations: work.migrations,
      ddl: work.database?.ddl ?? (await records.loadRevision()).ddl,
      receipt: made.receipt,
    });
    await records.recordBlueprint({
      schema: database?.schema,
      openapi: JSON.parse(await sandbox.readFile('openapi.json')) as unknown,
    });
    await records.update({
      commitId: made.commit,
      artifact: made.artifact,
      receipt: made.receipt,
      url: made.url,
      docsUrl: `${made.url}/docs`,
    });
    return null;
  });
}
