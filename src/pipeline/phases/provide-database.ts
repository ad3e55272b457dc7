import type { GateResult } from '../../domain/receipt.ts';
import type { DatabaseNeed, SchemaDesign } from '../../domain/schema-design.ts';
import type { DatabaseSchema } from '../../domain/database-schema.ts';
import { compareSchemas } from '../../schema/schema.ts';
import { TurboError } from '../../domain/errors.ts';
import { designSchema } from '../design-schema.ts';
import type { RunContext } from '../run-context.ts';

/** What the phases after this one build on; without a database only `prompt` things matter. */
export interface ProvidedDatabase {
  readonly name: string;
  readonly design: SchemaDesign;
  /** Read back from the catalog. */
  readonly schema: DatabaseSchema;
  /** What was checked about the schema before there was code. */
  readonly gates: readonly GateResult[];
}

/** Detects whether the run needs a database and, if so, designs and provisions it. */
export async function provideDatabase(context: RunContext): Promise<ProvidedDatabase | undefined> {
  const { steps, ports } = context;
  // A database is set aside while we find out whether one is needed: it costs nothing to give it back.
  steps.undo('release-database', () => ports.cluster.release(steps.runId));
  const [need, claim] = await Promise.all([detectNeed(context), claimDatabase(context)]);
  await context.records.update({ needsDatabase: need.needsDatabase });
  if (!need.needsDatabase) {
    await steps.step('release-database', async () => ports.cluster.release(steps.runId).then(() => null));
    return undefined;
  }
  if (claim.error !== undefined) throw claimFailed(claim.error);

  const designed = await designDatabase(context, claim.name);
  return createTables(context, claim.name, designed);
}

/** A failed detection is no reason to fail the run: it goes on without a database. */
async function detectNeed(context: RunContext): Promise<DatabaseNeed> {
  const { order, ports, steps } = context;
  await context.begin('detect', 'Looking for data to keep');
  const need = await steps.step('detect', async (signal): Promise<DatabaseNeed & { readonly failure?: string }> => {
    if (order.schemaSql !== undefined) return { needsDatabase: true, reasoning: 'A schema was given.' };
    try {
      return await ports.planner.detectNeed(order.prompt, signal);
    } catch (error) {
      if (signal.aborted) throw error;
      const opinion = await askSecondOpinion(context, signal);
      return { needsDatabase: false, reasoning: `Detection failed. ${opinion}`.trim(), failure: messageOf(error) };
    }
  });
  if (need.failure !== undefined) {
    await context.warn(
      'detect',
      `Could not tell whether a database is needed, so the backend gets none: ${need.failure}`,
    );
  }
  await context.end('detect', need.reasoning, need.failure === undefined ? 'ok' : 'warned');
  return need;
}

/** Told for the record; what is done does not depend on it. */
async function askSecondOpinion({ order, ports }: RunContext, signal: AbortSignal): Promise<string> {
  const opinion = await ports.secondOpinion?.detectNeed(order.prompt, signal);
  if (!opinion) return '';
  const verdict = opinion.needsDatabase ? 'needs a database' : 'needs none';
  return `The built-in planner would say that it ${verdict}: ${opinion.reasoning}`;
}

type Claim =
  | { readonly name: string; readonly error?: undefined }
  | { readonly name?: undefined; readonly error: string };

/** The failure is kept as a result: when no database is needed, none was missed. */
async function claimDatabase({ order, ports, steps }: RunContext): Promise<Claim> {
  return steps.step('claim-database', async (): Promise<Claim> => {
    try {
      return { name: await ports.cluster.claim(steps.runId, order.projectId) };
    } catch (error) {
      return { error: messageOf(error) };
    }
  });
}

interface DatabaseDesign {
  readonly design: SchemaDesign;
  /** How long the accepted design took to check and to rehearse. */
  readonly checkMs: number;
  readonly rehearseMs: number;
}

async function designDatabase(context: RunContext, databaseName: string): Promise<DatabaseDesign> {
  const { order, ports, steps } = context;
  await context.begin('design', order.schemaSql === undefined ? 'Designing the schema' : 'Checking the given schema');
  let rehearseMs = 0;
  const { proposal, design, checkMs } = await designSchema({
    ...order,
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
      context.progress('design', `Design ${round} was refused with ${findings.length} findings; asking for another`),
  });
  for (const warning of proposal.warnings) await context.warn('design', warning);
  for (const finding of design.findings) await context.progress('design', finding.message);
  await context.end('design', summaryOf(design), proposal.warnings.length > 0 ? 'warned' : 'ok');
  return { design, checkMs, rehearseMs };
}

async function createTables(context: RunContext, name: string, designed: DatabaseDesign): Promise<ProvidedDatabase> {
  const { design } = designed;
  const { ports, records, steps } = context;
  await context.begin('provision', `Creating ${count(design.schema.tables.length, 'table')}`);
  steps.undo('drop-database', () => ports.cluster.drop(name));
  const { result: schema, durationMs } = await steps.step('provision', () =>
    timed(() => ports.cluster.provision(name, steps.runId, design)),
  );
  const differences = compareSchemas(design.schema, schema);
  if (differences.length > 0) {
    throw new TurboError(
      'DATABASE_PROVISION_FAILED',
      `The catalog differs from the design: ${differences.join('; ')}`,
      {
        phase: 'provision',
      },
    );
  }
  await records.update({ databaseName: name });
  await context.end('provision', `${ports.cluster.version} · database ${name}`);
  return { name, design, schema, gates: schemaGates(designed, durationMs) };
}

/** The gates that a design has passed by the time its tables exist. */
function schemaGates({ design, checkMs, rehearseMs }: DatabaseDesign, durationMs: number): GateResult[] {
  const statements = count(design.statements.length, 'statement');
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
      durationMs,
      summary: `${summaryOf(design)}, read back from the catalog without a difference`,
      evidence: design.schema.tables.map((table) => `${table.name}: ${count(table.columns.length, 'column')}`),
    },
  ];
}

function summaryOf({ schema }: SchemaDesign): string {
  const sum = (size: (table: (typeof schema.tables)[number]) => number): number =>
    schema.tables.reduce((total, table) => total + size(table), 0);
  return [
    count(schema.tables.length, 'table'),
    count(
      sum((table) => table.columns.length),
      'column',
    ),
    count(
      sum((table) => table.foreignKeys.length),
      'foreign key',
    ),
  ].join(', ');
}

function claimFailed(message: string): TurboError {
  return new TurboError('DATABASE_PROVISION_FAILED', message, {
    phase: 'provision',
    fix: 'Run `turbobackend doctor` to see what the database cluster lacks.',
  });
}

async function timed<T>(work: () => Promise<T>): Promise<{ readonly result: T; readonly durationMs: number }> {
  const startedAt = performance.now();
  const result = await work();
  return { result, durationMs: Math.round(performance.now() - startedAt) };
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
