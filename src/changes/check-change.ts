import type { ClientBase } from 'pg';
import type { DatabaseSchema } from '../domain/database-schema.ts';
import type { ChangeStatement } from '../domain/change-plan.ts';
import { TurboError } from '../domain/errors.ts';
import type { DdlStatement, Finding } from '../domain/schema-design.ts';
import {
  canonicalSql,
  checkReferences,
  emitStatements,
  loadPostgresParser,
  namesOfDraft,
  resolveReferences,
  toDatabaseSchema,
  type PostgresParser,
  type SchemaDraft,
} from '../schema/drafts.ts';
import { applyStep } from './apply-step.ts';
import { invertSteps, scriptOf } from './change-script.ts';
import type { ChangeStep } from './change-step.ts';
import type { Rename } from './compare/renames.ts';
import { judgeStep } from './judge-step.ts';
import { keeperOf, keptSchema, stepsFromSql } from './plan-steps.ts';
import { readDraft } from './read-draft.ts';
import { countRows } from './row-counts.ts';

/** What a change comes to on the database that it was read against. */
export interface CheckedChange {
  readonly steps: readonly ChangeStep[];
  /** As they are shown; durations are not known yet. */
  readonly statements: readonly ChangeStatement[];
  /** The text of the migration file, for an empty database. */
  readonly migration: string;
  /** The schema that it leads to, and the statements that would make it anew. */
  readonly target: DatabaseSchema;
  readonly ddl: readonly DdlStatement[];
  readonly notes: readonly string[];
  /** What goes and what comes that could be one thing with another name; nothing was made of it. */
  readonly possibleRenames?: readonly Rename[] | undefined;
}

/** Checks SQL statements as a change of the database. Rejects with `CHANGE_REFUSED`, every finding in the message. */
export async function checkChange(client: ClientBase, sql: string, revision: number): Promise<CheckedChange> {
  const parser = await loadPostgresParser();
  const findings: Finding[] = [];
  const draft = await readDraft(parser, client);
  const keep = keeperOf(keptSchema(revision));
  const { steps, target } = stepsFromSql(parser, draft, sql, keep, findings);
  findings.push(...checkReferences(resolveReferences(target), namesOfDraft(target)));
  refuseErrors(findings);
  return describeChange(client, parser, draft, { steps, target }, findings);
}

/** The steps that take `steps` back, as a change of the database as it is now. */
export async function checkUndo(
  client: ClientBase,
  steps: readonly ChangeStep[],
  revision: number,
): Promise<CheckedChange> {
  const parser = await loadPostgresParser();
  const draft = await readDraft(parser, client);
  return describeChange(client, parser, draft, invertSteps(draft, steps, keeperOf(keptSchema(revision))), []);
}

/** What the steps come to, as it is shown. */
export async function describeChange(
  client: ClientBase,
  parser: PostgresParser,
  draft: SchemaDraft,
  planned: { readonly steps: readonly ChangeStep[]; readonly target: SchemaDraft },
  findings: readonly Finding[],
): Promise<CheckedChange> {
  const { steps, target } = planned;
  const script = orRefused(() => scriptOf(parser, draft, steps));
  const rows = await countRows(
    client,
    draft.tables.map(({ name }) => name),
  );
  const { statements, findings: misprints } = canonicalSql(parser, emitStatements(target));
  refuseErrors(misprints);
  return {
    steps,
    statements: describeSteps(parser, draft, steps, rows),
    migration: script
      .flatMap(({ plain }) => plain)
      .map((sql) => `${sql};\n`)
      .join('\n'),
    target: toDatabaseSchema(parser, target),
    ddl: statements,
    notes: findings.filter(({ severity }) => severity !== 'error').map(({ message }) => message),
  };
}

function describeSteps(
  parser: PostgresParser,
  draft: SchemaDraft,
  steps: readonly ChangeStep[],
  rows: ReadonlyMap<string, number>,
): readonly ChangeStatement[] {
  const rowsOf = (table: string): number => rows.get(table) ?? 0;
  const fresh = new Set<string>();
  let current = draft;
  return steps.map((step) => {
    const { table, ...judged } = judgeStep(current, step, rowsOf, fresh);
    const [shown] = scriptOf(parser, current, [step]);
    const after = applyStep(current, step);
    const back = invertSteps(after, [step], keeperOf(keptSchema(0)));
    const reverse = scriptOf(parser, after, back.steps).flatMap(textOf).join('; ');
    current = after;
    noteFresh(fresh, step);
    return {
      sql: (shown ? textOf(shown) : []).join('; '),
      ...judged,
      rows: table === undefined ? 0 : rowsOf(table),
      reverse: reverse === '' ? null : reverse,
      durationMs: 0,
    };
  });
}

/** What stands in a migration file; where nothing does, what is done to the rows. */
function textOf({
  plain,
  live,
}: {
  readonly plain: readonly string[];
  readonly live: readonly string[];
}): readonly string[] {
  return plain.length > 0 ? plain : live;
}

function noteFresh(fresh: Set<string>, step: ChangeStep): void {
  if (step.kind === 'create-table') fresh.add(step.table.name);
  if (step.kind === 'add-column') fresh.add(`${step.table}.${step.column.name}`);
}

export function refuseErrors(findings: readonly Finding[]): void {
  const errors = findings.filter(({ severity }) => severity === 'error');
  if (errors.length === 0) return;
  const lines = errors
    .slice(0, 20)
    .map(
      ({ message, fix, statement }) =>
        `- ${asSentence(message)}${fix ? ` ${asSentence(fix)}` : ''}${statement ? `\n    in: ${statement}` : ''}`,
    );
  throw new TurboError('CHANGE_REFUSED', `The change was refused:\n${lines.join('\n')}`, {
    phase: 'design',
    fix: 'Change the named statements; docs/changes.md lists what a change may say.',
  });
}

function asSentence(text: string): string {
  return /[.!?:…]$/.test(text) ? text : `${text}.`;
}

function orRefused<T>(work: () => T): T {
  try {
    return work();
  } catch (cause) {
    throw new TurboError('CHANGE_REFUSED', `The change was refused: ${(cause as Error).message}`, {
      cause,
      phase: 'design',
      fix: 'Write it in a simpler way.',
    });
  }
}
