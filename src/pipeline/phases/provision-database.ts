import type { GateResult } from '../../domain/receipt.ts';
import { countOf } from '../../domain/count-of.ts';
import { TurboError } from '../../domain/errors.ts';
import { compareSchemas } from '../../schema/schema.ts';
import { phaseWithResult } from '../phase.ts';
import type { RunDatabase } from '../run-context.ts';
import { timed } from '../timed.ts';
import { sizeOf, type DatabaseDesign } from './design-database.ts';

/** A design, and the claimed database that it is for. */
interface ClaimedDesign extends DatabaseDesign {
  readonly name: string;
}

/** Creates the design's tables in the claimed database. Rejects with `DATABASE_PROVISION_FAILED`. */
export const provisionDatabase = phaseWithResult(
  'provision',
  (_run, { design }: ClaimedDesign) => `Creating ${countOf(design.schema.tables.length, 'table')}`,
  async ({ ports, records, steps }, designed: ClaimedDesign) => {
    const { name, design } = designed;
    steps.undo('drop-database', () => ports.cluster.drop(name));
    const { result: schema, durationMs } = await steps.step('provision', () =>
      timed(() => ports.cluster.provision(name, steps.runId, design)),
    );
    refuseDifferences(compareSchemas(design.schema, schema));
    await records.update({ databaseName: name });
    const { access, designKind } = designed;
    const database: RunDatabase = {
      name,
      design,
      designKind,
      access,
      schema,
      gates: schemaGates(designed, durationMs),
    };
    return { summary: `${ports.cluster.version} · database ${name}`, result: database };
  },
);

function refuseDifferences(differences: readonly string[]): void {
  if (differences.length === 0) return;
  const message = `The catalog differs from the design: ${differences.join('; ')}`;
  throw new TurboError('DATABASE_PROVISION_FAILED', message, { phase: 'provision' });
}

/** The gates that a design has passed by the time its tables exist. */
function schemaGates({ design, checkMs, rehearseMs }: DatabaseDesign, provisionMs: number): GateResult[] {
  const statements = countOf(design.statements.length, 'statement');
  return [
    {
      gate: 'schema-checked',
      status: 'passed',
      durationMs: checkMs,
      summary: `${statements}, each parsed, checked on its syntax tree and re-emitted`,
      evidence: design.findings.map((finding) => finding.message),
    },
    {
      gate: 'schema-rehearsed',
      status: 'passed',
      durationMs: rehearseMs,
      summary: `${statements} run by the database's owner and rolled back`,
      evidence: [],
    },
    {
      gate: 'catalog-equals-design',
      status: 'passed',
      durationMs: provisionMs,
      summary: `${sizeOf(design)}, read back from the catalog without a difference`,
      evidence: design.schema.tables.map((table) => `${table.name}: ${countOf(table.columns.length, 'column')}`),
    },
  ];
}
