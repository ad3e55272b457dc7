import { keptSchema, rehearseChange, withOwner } from '../../changes/changes.ts';
import { TurboError } from '../../domain/errors.ts';
import type { ProvisionedDatabase } from '../../domain/provisioned-database.ts';
import type { GateResult } from '../../domain/receipt.ts';
import { extendAccess } from '../../planner/planner.ts';
import { compareSchemas } from '../../schema/schema.ts';
import { askOld, type GoldenRecord } from '../../verify/verify.ts';
import { phaseWithResult, type PhaseContext } from '../phase.ts';
import type { RunDatabase } from '../run-context.ts';
import { timed } from '../timed.ts';
import { openForCode } from '../keep-apart.ts';
import { bothWaysGate } from './both-ways-gate.ts';
import { orderOf, stateOf } from './order-of.ts';
import { archiveHash } from './project-state.ts';

/** The copy as the change leaves it. */
export interface ChangedCopy extends RunDatabase {
  /** The archive of what the release from before answered on it; undefined when it did not start. */
  readonly golden: string | undefined;
}

/**
 * Looks whether the plan still fits the project, and tries it on a copy of the database with the rows of now. The copy
 * is left as the database will be, for the gates; undefined without a database.
 */
export const rehearse = phaseWithResult('rehearse', 'Trying the change on a copy with all rows', async (run) => {
  const { steps } = run;
  await steps.step('look', () => requireFitting(run));
  const { database } = orderOf(run).work;
  const { databaseName } = run.order;
  if (databaseName === undefined) return { summary: 'no database', result: undefined };

  const tried = await steps.step('rehearse', (signal) => tryOnCopy(run, databaseName, signal));
  steps.undo('drop-copy', () => run.ports.cluster.drop(tried.copy));
  for (const loss of tried.losses) await run.warn(loss);
  const target = database?.target ?? tried.schema;
  const ddl = database?.ddl ?? [];
  const result: ChangedCopy = {
    golden: tried.golden,
    name: tried.copy,
    design: { schema: target, statements: ddl, findings: [] },
    designKind: 'planned',
    access: extendAccess((await run.records.loadRevision()).receipt?.access, tried.schema),
    schema: tried.schema,
    gates: tried.gates,
  };
  return { summary: tried.summary, result };
});

async function requireFitting(run: PhaseContext): Promise<null> {
  const { hash } = await stateOf(run);
  if (hash === orderOf(run).baseHash) return null;
  throw new TurboError('CHANGE_STALE', 'The project was changed since the plan was made', {
    phase: 'rehearse',
    fix: 'Plan the change again.',
  });
}

async function tryOnCopy(run: PhaseContext, databaseName: string, signal: AbortSignal) {
  const { order, ports, records, steps } = run;
  const copy = await ports.cluster.clone(databaseName, steps.runId);
  const published = archiveHash((await records.loadRevision()).artifact);
  const files = await ports.artifacts.load(order.projectId, published);
  const release = { sandbox: await openForCode(run), earlier: { files, mark: steps.runId }, copy, signal };
  const { result: tried, record } = await askOld(release, () => changeCopy(run, copy));
  const golden = record && (await keepRecord(run, record));
  return { ...tried, copy: copy.name, golden };
}

async function changeCopy({ order, ports, steps }: PhaseContext, copy: ProvisionedDatabase) {
  const { plan, work } = orderOf({ order });
  const summary = 'a copy of the database for the gates';
  if (!work.database) return { schema: copy.schema, losses: [], gates: [], summary };

  const { steps: changes, target, paths } = work.database;
  const { migrations } = work;
  const migration = { steps: changes, kept: keptSchema(work.revision), mark: steps.runId, migrations, paths };
  const readCatalog = async () => (await ports.cluster.open(copy.name)).schema;
  const { result: tried, durationMs } = await timed(() =>
    withOwner(copy, (client) => rehearseChange(client, migration, readCatalog)),
  );
  const differences = compareSchemas(target, tried.schema);
  if (differences.length > 0)
    throw new TurboError('CHANGE_REFUSED', `The copy differs from what was meant: ${differences.join('; ')}`, {
      phase: 'rehearse',
    });
  const { losses } = tried;
  const done = `${changes.length} steps forward and back on a copy with ${tried.rows} rows`;
  const bothWays = bothWaysGate({ summary: done, durationMs, losses, told: plan.warnings });
  return { schema: tried.schema, losses, gates: [catalogGate(durationMs), bothWays], summary: done };
}

/** Answers are too much for a step's result. */
async function keepRecord({ order, ports }: PhaseContext, record: GoldenRecord): Promise<string> {
  const content = JSON.stringify(record);
  return (await ports.artifacts.save(order.projectId, [{ path: 'golden.json', content }])).hash;
}

function catalogGate(durationMs: number): GateResult {
  const summary = 'the copy holds the schema that was meant';
  return { gate: 'catalog-equals-design', status: 'passed', durationMs, summary, evidence: [] };
}
