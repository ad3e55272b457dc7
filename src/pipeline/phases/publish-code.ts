import { phase } from '../phase.ts';
import { readSource } from '../read-source.ts';
import type { RunContext, RunDatabase } from '../run-context.ts';

/** Commits the verified source and stores its archive. */
export const publishCode = phase('publish', 'Publishing the source', async (run, database: RunDatabase | undefined) => {
  const { order, ports, records, steps } = run;
  const message = commitMessage(run, database);
  steps.undo('remove-repository', () => ports.source.remove(order.projectId));
  const published = await steps.step('publish-source', async () => {
    const files = await readSource(await ports.sandboxes.open(order.projectId));
    return ports.source.publish({ projectId: order.projectId, name: order.name, message, files });
  });
  await records.recordPush({ repository: published.repository, commitId: published.commit });

  steps.undo('remove-artifacts', () => ports.artifacts.remove(order.projectId));
  const artifact = await steps.step('publish-artifact', async () => {
    const files = await readSource(await ports.sandboxes.open(order.projectId));
    return ports.artifacts.save(order.projectId, files);
  });

  await records.update({
    repository: published.repository,
    commitId: published.commit,
    artifact: artifact.location,
  });
  return `commit ${published.commit.slice(0, 10)} · archive ${artifact.hash.slice(0, 10)}`;
});

/** What was asked for is the commit's story: a short subject, the prompt as its body. */
function commitMessage({ order }: RunContext, database: RunDatabase | undefined): string {
  const tables = database?.schema.tables.map((table) => table.name) ?? [];
  const subject = tables.length > 0 ? `Add the ${order.name} API: ${tables.join(', ')}` : `Add the ${order.name} API`;
  const short = subject.length > 72 ? `${subject.slice(0, 71)}…` : subject;
  return `${short}\n\n${order.prompt.trim()}\n`;
}
