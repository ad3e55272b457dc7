import { keptSchema, rehearseChange, withOwner } from '../../changes/changes.ts';
import { TurboError } from '../../domain/errors.ts';
import type { GateResult } from '../../domain/receipt.ts';
import { compareSchemas } from '../../schema/schema.ts';
import { phaseWithResult, type PhaseContext } from '../phase.ts';
import type { RunDatabase } from '../run-context.ts';
import { timed } from '../timed.ts';
import { orderOf, stateOf } from './order-of.ts';

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

  const tried = await steps.step('rehearse', () => tryOnCopy(run, databaseName));
  steps.undo('drop-copy', () => run.ports.cluster.drop(tried.copy));
  for (const loss of tried.losses) await run.warn(loss);
  const target = database?.target ?? tried.schema;
  const ddl = database?.ddl ?? [];
  const result: RunDatabase = {
    name: tried.copy,
    design: { schema: target, statements: ddl, findings: [] },
    designKind: 'planned',
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

async function tryOnCopy({ order, ports, steps }: PhaseContext, databaseName: string) {
  const { work } = orderOf({ order });
  const copy = await ports.cluster.clone(databaseName, steps.runId);
  if (!work.database)
    return {
      copy: copy.name,
      schema: copy.schema,
      losses: [],
      gates: [],
      summary: 'a copy of the database for the gates',
    };

  const { steps: changes, target } = work.database;
  const migration = { steps: changes, kept: keptSchema(work.revision), mark: steps.runId, migrations: work.migrations };
  const readCatalog = async () => (await ports.cluster.open(copy.name)).schema;
  const { result: tried, durationMs } = await timed(() =>
    withOwner(copy, (client) => rehearseChange(client, migration, readCatalog)),
  );
  const differences = compareSchemas(target, tried.schema);
  if (differences.length > 0)
    throw new TurboError('CHANGE_REFUSED', `The copy differs from what was meant: ${differences.join('; ')}`, {
      phase: 'rehearse',
    });
  const summary = `${changes.length} steps forward and back on a copy with ${tried.rows} rows`;
  return {
    copy: copy.name,
    schema: tried.schema,
    losses: tried.losses,
    gates: gatesOf(summary, durationMs, tried.losses),
    summary,
  };
}

function gatesOf(summary: string, durationMs: number, losses: readonly string[]): readonly GateResult[] {
  return [
    {
      gate: 'catalog-equals-design',
      status: 'passed',
      durationMs,
      summary: 'the copy holds the schema that was meant',
      evidence: [],
    },
    {
      gate: 'both-ways',
      status: 'passed',
      durationMs,
      summary:
        losses.length === 0
          ? `${summary}, every row as it was`
          : `${summary}; told before: ${losses.length} differences`,
      evidence: losses,
    },
  ];
}
