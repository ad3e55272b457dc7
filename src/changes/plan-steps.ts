import type { Node } from 'libpg-query';
import type { Finding } from '../domain/schema-design.ts';
import {
  checkSyntax,
  commentedNames,
  nameConstraints,
  namesOfDraft,
  resolveReferences,
  refuse,
  sourceStatements,
  type PostgresParser,
  type Reading,
  type SchemaDraft,
} from '../schema/drafts.ts';
import { applyStep } from './apply-step.ts';
import { CHANGE_GRAMMAR } from './change-grammar.ts';
import type { ChangeStep } from './change-step.ts';
import { expandStep, type Keeper } from './expand-step.ts';
import { keepApart } from './keep-apart.ts';
import { readStatement } from './read-statement.ts';

export interface PlannedSteps {
  readonly steps: readonly ChangeStep[];
  /** The schema that they lead to. */
  readonly target: SchemaDraft;
}

/** Where a change keeps what it takes out of sight: in a schema of its own. */
export function keeperOf(schema: string): Keeper {
  let count = 0;
  return () => ({ schema, relation: `tb_c${(count += 1)}` });
}

/** The schema of the change that makes a revision. */
export function keptSchema(revision: number): string {
  return `tb_kept_${revision}`;
}

/** Reads SQL statements as steps on the draft, one after the other; what is refused stands among the findings. */
export function stepsFromSql(
  parser: PostgresParser,
  draft: SchemaDraft,
  sql: string,
  keep: Keeper,
  findings: Finding[],
): PlannedSteps {
  const statements = sourceStatements(parser, sql, { isModels: false }, findings);
  return statements.reduce<PlannedSteps>(
    (planned, { node, excerpt }, index) => {
      const reading = { names: namesOfDraft(planned.target), statement: excerpt, table: tableOf(node), findings };
      if (!checkSyntax(reading, node, CHANGE_GRAMMAR)) return planned;
      const later = statements.slice(index + 1).map((statement) => statement.node);
      const asked = readSafely(reading, planned.target, node, keep).map((step) => usable(step, later));
      const foreign = asked.find((step) => step.kind === 'copy-rows' && !makesTable(planned.steps, step.into));
      if (foreign === undefined) return takeSteps(planned, asked, keep);
      refuse(
        reading,
        'statement-refused',
        'An INSERT may only fill a table of the same change',
        'Create the table first.',
      );
      return planned;
    },
    { steps: [], target: draft },
  );
}

/** An enum whose new values are used by a later statement of the same change is made anew, as Postgres demands. */
function usable(step: ChangeStep, later: readonly Node[]): ChangeStep {
  if (step.kind !== 'set-enum-values') return step;
  const added = step.to.filter((value) => !step.from.includes(value));
  const text = JSON.stringify(later);
  return added.some((value) => text.includes(JSON.stringify(value))) ? { ...step, remake: true } : step;
}

function makesTable(steps: readonly ChangeStep[], name: string): boolean {
  return steps.some((step) => step.kind === 'create-table' && step.table.name === name);
}

/** Nothing is built on a statement that was refused. */
function readSafely(reading: Reading, draft: SchemaDraft, node: Node, keep: Keeper): readonly ChangeStep[] {
  const before = reading.findings.length;
  const steps = readStatement(reading, draft, node, keep);
  return reading.findings.slice(before).some(({ severity }) => severity === 'error') ? [] : steps;
}

/** Takes steps one after the other, each with all that goes along with it. */
export function takeSteps(planned: PlannedSteps, asked: readonly ChangeStep[], keep: Keeper): PlannedSteps {
  return asked.reduce<PlannedSteps>((taken, step) => {
    const named = withNames(taken.target, step);
    return expandStep(taken.target, named, keep).reduce<PlannedSteps>(
      ({ steps, target }, each) => ({ steps: [...steps, keepApart(steps, each)], target: applyStep(target, each) }),
      taken,
    );
  }, planned);
}

/** The step with a name for every constraint and index that has none, as Postgres would choose it. */
function withNames(draft: SchemaDraft, step: ChangeStep): ChangeStep {
  if (step.kind !== 'create-table' && step.kind !== 'add-constraint' && step.kind !== 'create-index') return step;
  const { draft: named } = nameConstraints(resolveReferences(applyStep(draft, step)), true);
  const name = step.kind === 'create-table' ? step.table.name : step.table;
  const table = named.tables.find((each) => each.name === name);
  if (!table) return step;
  if (step.kind === 'create-table') return { ...step, table };
  if (step.kind === 'create-index') return { ...step, index: table.indexes.at(-1) ?? step.index };
  const { constraint } = step;
  if (constraint.kind === 'primary-key' && table.primaryKey)
    return { ...step, constraint: { ...constraint, primaryKey: table.primaryKey } };
  if (constraint.kind === 'unique')
    return { ...step, constraint: { ...constraint, unique: table.uniques.at(-1) ?? constraint.unique } };
  if (constraint.kind === 'foreign-key')
    return { ...step, constraint: { ...constraint, foreignKey: table.foreignKeys.at(-1) ?? constraint.foreignKey } };
  return constraint.kind === 'check'
    ? { ...step, constraint: { ...constraint, check: table.checks.at(-1) ?? constraint.check } }
    : step;
}

function tableOf(node: Node): string | undefined {
  if ('CommentStmt' in node) return commentedNames(node.CommentStmt)[0];
  const fields = Object.values(node as Record<string, { readonly relation?: { readonly relname?: string } }>)[0];
  return fields?.relation?.relname;
}
