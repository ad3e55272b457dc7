import type { BackendBlueprint } from '../../scaffold/scaffold.ts';
import type { RunContext } from '../run-context.ts';
import { sketchEndpoints } from './sketch-endpoints.ts';
import type { ProvidedDatabase } from './provide-database.ts';

/** Has the coder write the backend into the sandbox. */
export async function writeCode(context: RunContext, provided: ProvidedDatabase | undefined): Promise<void> {
  const { ports, steps } = context;
  await context.begin('code', 'Writing the backend');
  const blueprint = await drawBlueprint(context, provided);
  const written = await steps.step('code', async (signal) => {
    const sandbox = await ports.sandboxes.open(context.order.projectId);
    return ports.coder.write({
      blueprint,
      sandbox,
      signal,
      report: (message) => context.progress('code', message),
    });
  });
  for (const warning of written.warnings) await context.warn('code', warning);
  await context.end('code', written.summary, written.warnings.length > 0 ? 'warned' : 'ok');
}

async function drawBlueprint(context: RunContext, provided: ProvidedDatabase | undefined): Promise<BackendBlueprint> {
  const { name, prompt } = context.order;
  if (provided) {
    const statements = provided.design.statements.map((statement) => statement.sql);
    return { name, prompt, schema: provided.schema, statements, endpoints: [] };
  }
  return { name, prompt, schema: undefined, statements: [], endpoints: await sketchEndpoints(context) };
}
