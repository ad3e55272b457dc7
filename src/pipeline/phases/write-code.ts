import type { Workshop } from '../../coder/coder.ts';
import type { GateResult } from '../../domain/receipt.ts';
import type { BackendBlueprint } from '../../scaffold/scaffold.ts';
import type { Sandbox } from '../../sandbox/sandbox.ts';
import { openForCode } from '../keep-apart.ts';
import { phase, type PhaseContext } from '../phase.ts';
import type { RunContext, RunDatabase } from '../run-context.ts';
import { writeEnvironment } from './prepare-sandbox.ts';
import { sketchEndpoints } from './sketch-endpoints.ts';
import { holdToGates } from './verify-code.ts';

/** Has the coder write the backend into the sandbox. */
export const writeCode = phase('code', 'Writing the backend', async (run, database: RunDatabase | undefined) => {
  const { coder } = run.ports;
  const written = await coder.write({
    blueprint: await drawBlueprint(run, database),
    steps: run.steps,
    workshop: openWorkshop(run, database),
    report: (message) => run.progress(message),
  });
  if (coder.writesUntrusted) {
    await run.steps.step('code:environment', () => writeEnvironment(run, database).then(() => null));
  }
  for (const missing of written.missing) await run.lacks(missing);
  for (const warning of written.warnings) await run.warn(warning);
  return written.summary;
});

async function drawBlueprint(run: PhaseContext, database: RunDatabase | undefined): Promise<BackendBlueprint> {
  const { name, prompt } = run.order;
  if (database) {
    const statements = database.design.statements.map((statement) => statement.sql);
    return { name, prompt, schema: database.schema, statements, access: database.access, endpoints: [] };
  }
  return { name, prompt, schema: undefined, statements: [], endpoints: await sketchEndpoints(run) };
}

function openWorkshop(run: RunContext, database: RunDatabase | undefined): Workshop {
  const { cluster } = run.ports;
  return {
    openSandbox: () => openWithoutPassword(run),
    database: database && {
      copy: () => cluster.clone(database.name, run.steps.runId),
      open: (copyName = database.name) => cluster.open(copyName),
      drop: (copyName) => cluster.drop(copyName),
      query: (copyName, sql) => cluster.query(copyName, sql),
    },
    async check(signal): Promise<readonly GateResult[]> {
      const { receipt } = await holdToGates(run, database, await openWithoutPassword(run), {
        signal,
        onGate: () => Promise.resolve(),
      });
      return receipt.gates;
    },
  };
}

/** Whatever a model has run there finds no password; the file comes back when the coder is done. */
async function openWithoutPassword(run: RunContext): Promise<Sandbox> {
  const sandbox = await openForCode(run);
  if (run.ports.coder.writesUntrusted) await sandbox.deleteFile('.env');
  return sandbox;
}
