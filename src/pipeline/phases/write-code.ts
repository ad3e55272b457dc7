import type { Workshop } from '../../coder/coder.ts';
import type { GateResult } from '../../domain/receipt.ts';
import type { BackendBlueprint } from '../../scaffold/scaffold.ts';
import type { Sandbox } from '../../sandbox/sandbox.ts';
import { keepApart } from '../keep-apart.ts';
import type { RunContext } from '../run-context.ts';
import { writeEnvironment } from './prepare-sandbox.ts';
import type { ProvidedDatabase } from './provide-database.ts';
import { sketchEndpoints } from './sketch-endpoints.ts';
import { holdToGates } from './verify-code.ts';

/** Has the coder write the backend into the sandbox. */
export async function writeCode(context: RunContext, provided: ProvidedDatabase | undefined): Promise<void> {
  const { ports, steps } = context;
  await context.begin('code', 'Writing the backend');
  const blueprint = await drawBlueprint(context, provided);
  const written = await ports.coder.write({
    blueprint,
    steps,
    workshop: ports.coder.kind === 'llm' ? modelWorkshop(context, provided) : plainWorkshop(context),
    report: (message) => context.progress('code', message),
  });
  if (ports.coder.kind === 'llm') {
    await steps.step('code:environment', () => writeEnvironment(context, provided).then(() => null));
  }
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

/** For the scaffold, which is checked in the phase after this one. */
function plainWorkshop({ order, ports }: RunContext): Workshop {
  return {
    openSandbox: () => ports.sandboxes.open(order.projectId),
    database: undefined,
    check: () => Promise.resolve([]),
  };
}

function modelWorkshop(context: RunContext, provided: ProvidedDatabase | undefined): Workshop {
  const { order, ports, steps } = context;
  const { cluster } = ports;
  const openSandbox = async (): Promise<Sandbox> => {
    const sandbox = await ports.sandboxes.open(order.projectId);
    // Whatever the model has run there finds no password; the file comes back when the model is done.
    await sandbox.deleteFile('.env');
    return keepApart(sandbox);
  };
  return {
    openSandbox,
    database: provided && {
      copy: () => cluster.clone(provided.name, steps.runId),
      open: (copyName = provided.name) => cluster.open(copyName),
      drop: (copyName) => cluster.drop(copyName),
      query: (copyName, sql) => cluster.query(copyName, sql),
    },
    async check(signal): Promise<readonly GateResult[]> {
      const { receipt } = await holdToGates(context, provided, await openSandbox(), {
        signal,
        onGate: () => Promise.resolve(),
      });
      return receipt.gates;
    },
  };
}
