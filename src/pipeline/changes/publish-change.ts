import { phaseWithResult } from '../phase.ts';
import { readSource } from '../read-source.ts';
import type { RunContext } from '../run-context.ts';
import { orderOf } from './order-of.ts';

/** Commits the changed source on top of what is there, and stores its archive. */
export const publishChange = phaseWithResult('publish', 'Publishing the changed source', async (run) => {
  const { order, ports, records, steps } = run;
  const { work } = orderOf(run);
  steps.undo('restore-main', () => republish(run));
  const published = await steps.step('publish-source', async () => {
    const files = await readSource(await ports.sandboxes.open(order.projectId));
    return ports.source.publish({
      projectId: order.projectId,
      name: order.name,
      message: messageOf(work.prompt),
      files,
    });
  });
  await records.recordPush({ repository: published.repository, commitId: published.commit });
  const { location } = await steps.step('publish-artifact', async () => {
    const files = await readSource(await ports.sandboxes.open(order.projectId));
    return ports.artifacts.save(order.projectId, files);
  });
  return {
    summary: `commit ${published.commit.slice(0, 10)}`,
    result: { commit: published.commit, artifact: location },
  };
});

/** A commit that takes the failed one back: people may have fetched it. */
async function republish({ order, ports }: RunContext): Promise<void> {
  const { work } = orderOf({ order });
  const head = await ports.source.read(order.projectId);
  if (!head) return;
  const files = await ports.artifacts.load(order.projectId, work.sourceBefore);
  const message = `Take back: ${messageOf(work.prompt)}`;
  await ports.source.publish({ projectId: order.projectId, name: order.name, message, files });
}

function messageOf(prompt: string): string {
  const [line = ''] = prompt.trim().split('\n', 1);
  const subject = line.charAt(0).toUpperCase() + line.slice(1);
  return `${subject.length > 72 ? `${subject.slice(0, 71)}…` : subject}\n\n${prompt.trim()}\n`;
}
