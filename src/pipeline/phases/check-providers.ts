import type { RunContext } from '../run-context.ts';

/**
 * Asks each provider that is far away whether it lets us in, before anything is made: a wrong key would otherwise be
 * found out last, when it keeps what was made from being taken back.
 */
export async function checkProviders({ ports, steps }: RunContext): Promise<void> {
  const { sandboxes, source, artifacts, deploy } = ports;
  const asked = [sandboxes, source, artifacts, deploy].filter((port) => port.check);
  if (asked.length === 0) return;
  await steps.step('check-providers', async (signal) => {
    await Promise.all(asked.map(async (port) => port.check?.(signal)));
    return null;
  });
}
