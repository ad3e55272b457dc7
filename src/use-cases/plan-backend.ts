import { designKind } from '../domain/design-kind.ts';
import type { ProposedTable, SchemaDesign } from '../domain/schema-design.ts';
import { TurboError } from '../domain/errors.ts';
import { designSchema } from '../pipeline/design-schema.ts';
import type { Planner } from '../planner/planner.ts';
import type { Plan, PlanRequest } from '../turbobackend.ts';

const LONGEST_PROMPT = 50_000;

/** A planner for one plan, and what its calls have cost so far. */
export interface PlanPlanner {
  readonly planner: Planner;
  /** US dollars; null when a call's price is not known. */
  readonly costUsd: () => number | null;
}

/** Detects and designs as a run would; nothing is made, so no design is rehearsed. */
export async function planBackend(
  { planner, costUsd }: PlanPlanner,
  request: PlanRequest,
  signal: AbortSignal,
): Promise<Plan> {
  const prompt = usablePrompt(request);
  const need =
    request.schemaSql === undefined
      ? await planner.detectNeed(prompt, signal)
      : { needsDatabase: true, reasoning: 'A schema was given.' };
  const answer = {
    needsDatabase: need.needsDatabase,
    reasoning: need.reasoning,
    planner: planner.kind,
  };
  if (!need.needsDatabase)
    return {
      ...answer,
      schema: null,
      access: null,
      ddl: [],
      warnings: [],
      design: null,
      questions: [],
      reasons: [],
      costUsd: costUsd(),
    };

  const { access, proposal, design } = await designSchema({
    prompt,
    schemaSql: request.schemaSql,
    auth: request.auth,
    rules: request.access,
    planner,
    signal,
    ask: (_round, propose) => propose(signal),
  });
  return {
    ...answer,
    schema: { tables: tablesOf(design) },
    access,
    ddl: design.statements.map((statement) => statement.sql),
    warnings: [...proposal.warnings, ...design.findings.map((finding) => finding.message)],
    design: designKind(proposal, request.schemaSql !== undefined),
    questions: proposal.questions ?? [],
    reasons: request.schemaSql === undefined ? (planner.explainDesign?.(prompt, proposal) ?? []) : [],
    costUsd: costUsd(),
  };
}

/** Rejects what cannot be a prompt. With a schema of the user's own there may be none. */
export function usablePrompt({ prompt, schemaSql }: PlanRequest): string {
  const text = prompt.trim();
  if (text === '' && schemaSql === undefined) {
    throw new TurboError('USAGE', 'The prompt is empty', {
      fix: 'Say in a sentence what the backend is for: turbobackend "a REST API for a blog with users and posts".',
    });
  }
  if (text.length > LONGEST_PROMPT) {
    throw new TurboError('USAGE', `The prompt has ${text.length} characters; ${LONGEST_PROMPT} are allowed`, {
      fix: 'Shorten it, or pass the schema with --schema file.sql.',
    });
  }
  return text;
}

/** The plan shows what would be made: the checked design, in the shape in which planners propose. */
function tablesOf({ schema, statements }: SchemaDesign): Required<ProposedTable>[] {
  return schema.tables.map((table) => ({
    tableName: table.name,
    columns: table.columns.map((column) => ({
      name: column.name,
      type: column.type,
      constraints: constraintsOf(table, column),
    })),
    createQuery: statements
      .filter((statement) => statement.table === table.name && statement.kind !== 'comment')
      .map((statement) => statement.sql)
      .join(';\n'),
  }));
}

type Table = SchemaDesign['schema']['tables'][number];

function constraintsOf(table: Table, column: Table['columns'][number]): string {
  const isAlone = (columns: readonly string[]): boolean => columns.length === 1 && columns[0] === column.name;
  const reference = table.foreignKeys.find((key) => isAlone(key.columns));
  return [
    isAlone(table.primaryKey) ? 'PRIMARY KEY' : !column.nullable && 'NOT NULL',
    table.uniques.some((unique) => isAlone(unique.columns)) && 'UNIQUE',
    column.default !== undefined && `DEFAULT ${column.default}`,
    column.identity && `GENERATED ${column.identity.toUpperCase().replace('-', ' ')} AS IDENTITY`,
    column.generated !== undefined && `GENERATED ALWAYS AS (${column.generated}) STORED`,
    reference && referenceClause(reference),
  ]
    .filter(Boolean)
    .join(' ');
}

function referenceClause(key: Table['foreignKeys'][number]): string {
  const target = `REFERENCES ${key.referencedTable} (${key.referencedColumns.join(', ')})`;
  return key.onDelete === 'no action' ? target : `${target} ON DELETE ${key.onDelete.toUpperCase()}`;
}
