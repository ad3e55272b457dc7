import type { AccessPlan } from '../../domain/access.ts';
import { countOf } from '../../domain/count-of.ts';
import { designKind, type DesignKind } from '../../domain/design-kind.ts';
import type { SchemaDesign } from '../../domain/schema-design.ts';
import { wantsAccounts } from '../../planner/planner.ts';
import { designSchema } from '../design-schema.ts';
import { phaseWithResult } from '../phase.ts';
import { timed } from '../timed.ts';

export interface DatabaseDesign {
  readonly design: SchemaDesign;
  readonly designKind: DesignKind;
  readonly access: AccessPlan;
  /** How long the accepted design took to check and to rehearse. */
  readonly checkMs: number;
  readonly rehearseMs: number;
}

/**
 * Whether accounts that are planned are built. The gate `access` proves those of the two backends that it is tested with;
 * of others that were tried, three in three ended at their own suite or at `every-route`, so none is made yet.
 */
const ACCESS_IS_BUILT: boolean = false;

const OPEN_TO_ALL = 'Everybody may do everything with this backend: who may do what is planned, and not built yet.';

/** Designs the tables until Postgres, too, has no objection; it is rehearsed in the claimed database. */
export const designDatabase = phaseWithResult(
  'design',
  ({ order }) => (order.schemaSql === undefined ? 'Designing the schema' : 'Checking the given schema'),
  async (run, databaseName: string) => {
    const { order, ports, steps } = run;
    let rehearseMs = 0;
    if (!ACCESS_IS_BUILT && wantsAccounts({ ...order })) await run.warn(OPEN_TO_ALL);
    const { access, proposal, design, checkMs } = await designSchema({
      ...order,
      ...(ACCESS_IS_BUILT ? {} : { auth: 'none', rules: [] }),
      planner: ports.planner,
      signal: steps.signal,
      ask: (round, propose) => steps.step(`design:propose:${round}`, propose),
      rehearse: async (round, candidate) => {
        const rehearsal = await steps.step(`design:rehearse:${round}`, () =>
          timed(() => ports.cluster.rehearse(databaseName, candidate)),
        );
        rehearseMs = rehearsal.durationMs;
        return rehearsal.result;
      },
      refused: (round, findings) =>
        run.progress(`Design ${round} was refused with ${findings.length} findings; asking for another`),
    });
    for (const warning of proposal.warnings) await run.warn(warning);
    // With a schema of one's own nobody else decides what is hashed for good.
    const isTold = (code: string) => order.schemaSql !== undefined && code === 'secret-column';
    for (const { code, message } of design.findings) await (isTold(code) ? run.warn(message) : run.progress(message));
    const kind = designKind(proposal, order.schemaSql !== undefined);
    return { summary: sizeOf(design), result: { access, design, designKind: kind, checkMs, rehearseMs } };
  },
);

/** `3 tables, 14 columns, 2 foreign keys` */
export function sizeOf({ schema: { tables } }: SchemaDesign): string {
  const columns = tables.reduce((total, table) => total + table.columns.length, 0);
  const foreignKeys = tables.reduce((total, table) => total + table.foreignKeys.length, 0);
  return [countOf(tables.length, 'table'), countOf(columns, 'column'), countOf(foreignKeys, 'foreign key')].join(', ');
}
