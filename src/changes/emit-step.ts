import {
  canonicalSql,
  emitStatements,
  formatType,
  type IndexDraft,
  type PostgresParser,
  type SchemaDraft,
  type TableConstraint,
  type TableDraft,
} from '../schema/drafts.ts';
import { quoteIdentifier } from '../schema/schema.ts';
import { constraintName, type ChangeStep } from './change-step.ts';
import { applyStep } from './apply-step.ts';
import { around, onlyAdds, tableOf } from './expand-step.ts';
import { releaseKept, retypeWithKept } from './kept-keys.ts';
import { setSequence, startCounting } from './counters.ts';
import { keepColumn, keepDifferences, keepFilled, restoreColumn, restoreDifferences, unfill } from './kept-values.ts';
import { asFarAsItGoes, onlyWhere } from './run-statement.ts';
import { columnText, inPublic, list, printExpression } from './sql-text.ts';

/** What one step comes to as SQL, each statement without a semicolon. */
export interface StepSql {
  /** For a database with rows, by its owner: what goes out of sight is kept. */
  readonly live: readonly string[];
  /** For an empty database: the project's own migration file. */
  readonly plain: readonly string[];
}

/** `draft`: the schema as it is before the step. */
export function emitStep(parser: PostgresParser, draft: SchemaDraft, step: ChangeStep): StepSql {
  if (step.kind === 'drop-enum') {
    return {
      live: [`ALTER TYPE ${inPublic(step.type.name)} SET SCHEMA ${quoteIdentifier(step.kept)}`],
      plain: [`DROP TYPE ${inPublic(step.type.name)}`],
    };
  }
  if (step.kind === 'restore-enum') {
    return {
      live: [`ALTER TYPE ${quoteIdentifier(step.kept)}.${quoteIdentifier(step.type.name)} SET SCHEMA public`],
      plain: [createEnum(step.type)],
    };
  }
  if (step.kind === 'drop-table') {
    return {
      live: [`ALTER TABLE ${inPublic(step.table.name)} SET SCHEMA ${quoteIdentifier(step.kept)}`],
      plain: [`DROP TABLE ${inPublic(step.table.name)}`],
    };
  }
  if (step.kind === 'restore-table') {
    return {
      live: [
        `ALTER TABLE ${quoteIdentifier(step.kept)}.${quoteIdentifier(step.table.name)} SET SCHEMA public`,
        ...withTypesOfNow(parser, draft, step.table),
      ],
      plain: createTable(parser, step.table),
    };
  }
  if (step.kind === 'drop-column') {
    const drop = `${alter(step.table)} DROP COLUMN ${quoteIdentifier(step.column.name)}`;
    return { live: [...keepColumn(tableOf(draft, step.table), step), drop], plain: [drop] };
  }
  if (step.kind === 'restore-column') {
    return {
      live: [...restoreColumn(parser, tableOf(draft, step.table), step, enumNames(draft)), ...commentOf(step)],
      plain: addColumn(parser, step),
    };
  }
  if (step.kind === 'set-type') {
    return setType(parser, draft, step);
  }
  if (step.kind === 'fill-column') {
    const update = fill(parser, step);
    return { live: [...keepFilled(parser, tableOf(draft, step.table), step), update], plain: [update] };
  }
  if (step.kind === 'leave-rows') return { live: [], plain: [] };
  if (step.kind === 'copy-rows') {
    const copy = copyRows(parser, step);
    return { live: [copy], plain: [copy] };
  }
  if (step.kind === 'unfill-column') {
    return { live: unfill(tableOf(draft, step.table), step), plain: [] };
  }
  if (step.kind === 'add-constraint') {
    const add = `${alter(step.table)} ADD CONSTRAINT ${constraintText(parser, step.constraint)}`;
    return { live: step.returns ? returning(parser, step) : [add], plain: [add] };
  }
  if (step.kind === 'drop-constraint') {
    const drop = `${alter(step.table)} DROP CONSTRAINT ${quoteIdentifier(constraintName(step.constraint))}`;
    return { live: step.constraint.kind === 'primary-key' ? [releaseKept(step.table), drop] : [drop], plain: [drop] };
  }
  if (step.kind === 'set-enum-values') {
    return setEnumValues(parser, draft, step);
  }
  if (step.kind === 'set-counter') {
    return setCounter(tableOf(draft, step.table), step);
  }
  const sql = simple(parser, step);
  return { live: sql, plain: sql };
}

type Simple = Exclude<
  ChangeStep['kind'],
  | 'drop-enum'
  | 'restore-enum'
  | 'drop-table'
  | 'restore-table'
  | 'drop-column'
  | 'restore-column'
  | 'set-type'
  | 'fill-column'
  | 'unfill-column'
  | 'copy-rows'
  | 'leave-rows'
  | 'add-constraint'
  | 'drop-constraint'
  | 'set-enum-values'
  | 'set-counter'
>;

function simple(parser: PostgresParser, step: Extract<ChangeStep, { kind: Simple }>): readonly string[] {
  switch (step.kind) {
    case 'create-enum':
      return [createEnum(step.type)];
    case 'rename-enum':
      return [`ALTER TYPE ${inPublic(step.from)} RENAME TO ${quoteIdentifier(step.to)}`];
    case 'rename-enum-value':
      return [`ALTER TYPE ${inPublic(step.type)} RENAME VALUE ${literal(step.from)} TO ${literal(step.to)}`];
    case 'create-table':
      return createTable(parser, step.table);
    case 'rename-table':
      return [`${alter(step.from)} RENAME TO ${quoteIdentifier(step.to)}`];
    case 'add-column':
      return addColumn(parser, step);
    case 'rename-column':
      return [`${alter(step.table)} RENAME COLUMN ${quoteIdentifier(step.from)} TO ${quoteIdentifier(step.to)}`];
    case 'set-nullable':
      return [
        `${alter(step.table)} ALTER COLUMN ${quoteIdentifier(step.column)} ${step.nullable ? 'DROP' : 'SET'} NOT NULL`,
      ];
    case 'set-default':
      return [
        `${alter(step.table)} ALTER COLUMN ${quoteIdentifier(step.column)} ${step.to ? `SET DEFAULT ${printExpression(parser, step.to)}` : 'DROP DEFAULT'}`,
      ];
    case 'rename-constraint':
      return [`${alter(step.table)} RENAME CONSTRAINT ${quoteIdentifier(step.from)} TO ${quoteIdentifier(step.to)}`];
    case 'create-index':
      return [createIndex(parser, step.table, step.index)];
    case 'drop-index':
      return [`DROP INDEX ${inPublic(step.index.name ?? '')}`];
    case 'rename-index':
      return [`ALTER INDEX ${inPublic(step.from)} RENAME TO ${quoteIdentifier(step.to)}`];
    case 'rename-sequence':
      return [`ALTER SEQUENCE ${inPublic(step.from)} RENAME TO ${quoteIdentifier(step.to)}`];
    case 'set-comment':
      return [commentText(step)];
  }
}

type ColumnAdded = Extract<ChangeStep, { kind: 'add-column' | 'restore-column' }>;

function addColumn(parser: PostgresParser, step: ColumnAdded): readonly string[] {
  return [`${alter(step.table)} ADD COLUMN ${columnText(parser, step.column)}`, ...commentOf(step)];
}

function commentOf({ table, column: { name: column, comment } }: ColumnAdded): readonly string[] {
  return comment === undefined ? [] : [commentText({ table, column, to: comment })];
}

function commentText({
  table,
  column,
  to,
}: Pick<Extract<ChangeStep, { kind: 'set-comment' }>, 'table' | 'column' | 'to'>): string {
  const place =
    column === undefined ? `TABLE ${inPublic(table)}` : `COLUMN ${inPublic(table)}.${quoteIdentifier(column)}`;
  return `COMMENT ON ${place} IS ${to === undefined ? 'NULL' : literal(to)}`;
}

function enumNames({ enums }: SchemaDraft): ReadonlySet<string> {
  return new Set(enums.map(({ name }) => name));
}

function alter(table: string): string {
  return `ALTER TABLE ${inPublic(table)}`;
}

function createEnum({ name, values }: { readonly name: string; readonly values: readonly string[] }): string {
  return `CREATE TYPE ${inPublic(name)} AS ENUM (${values.map(literal).join(', ')})`;
}

function createTable(parser: PostgresParser, table: TableDraft): readonly string[] {
  return printed(parser, { extensions: [], enums: [], tables: [table] });
}

function createIndex(parser: PostgresParser, table: string, index: IndexDraft): string {
  const bare: TableDraft = {
    name: table,
    columns: [],
    primaryKey: undefined,
    uniques: [],
    foreignKeys: [],
    checks: [],
    indexes: [index],
    comment: undefined,
  };
  return printed(parser, { extensions: [], enums: [], tables: [bare] })[1] ?? '';
}

function printed(parser: PostgresParser, draft: SchemaDraft): readonly string[] {
  const { statements, findings } = canonicalSql(parser, emitStatements(draft));
  if (findings.length > 0) throw new Error(findings.map(({ message }) => message).join('; '));
  return statements.map(({ sql }) => sql);
}

function setType(parser: PostgresParser, draft: SchemaDraft, step: Extract<ChangeStep, { kind: 'set-type' }>): StepSql {
  const table = tableOf(draft, step.table);
  const name = quoteIdentifier(step.column);
  const kept = table.columns.find((column) => column.name === step.column)?.default;
  const using = step.using ? printExpression(parser, step.using) : castText(step.column, step);
  const change = [
    kept && `ALTER COLUMN ${name} DROP DEFAULT`,
    `ALTER COLUMN ${name} TYPE ${formatType(step.to)} USING ${using}`,
    kept && `ALTER COLUMN ${name} SET DEFAULT ${printExpression(parser, kept)}`,
  ];
  const sql = `${alter(step.table)} ${change.filter(Boolean).join(', ')}`;
  const isKey = table.primaryKey?.columns.includes(step.column);
  return {
    live: [
      ...keepDifferences(table, step, using),
      isKey
        ? retypeWithKept(
            table.name,
            step.column,
            sql,
            (place) => `${formatType(step.to)} USING ${place}::${formatType(step.to)}`,
          )
        : sql,
      ...(step.restores ? restoreDifferences(table, step, step.restores) : []),
    ],
    plain: [sql],
  };
}

function castText(column: string, { to }: Pick<Extract<ChangeStep, { kind: 'set-type' }>, 'to'>): string {
  return `${quoteIdentifier(column)}::${formatType(to)}`;
}

function setCounter(table: TableDraft, step: Extract<ChangeStep, { kind: 'set-counter' }>): StepSql {
  if (step.to === undefined) {
    const stop = stopCounting(table, step);
    return { live: stop, plain: stop };
  }
  const start = startCounting(table, step.column, step.to);
  return { live: [...start, setSequence(table, step.column)], plain: start };
}

function stopCounting(
  { name: table }: TableDraft,
  { column, from }: Extract<ChangeStep, { kind: 'set-counter' }>,
): readonly string[] {
  const of = `${alter(table)} ALTER COLUMN ${quoteIdentifier(column)}`;
  if (from !== 'serial') return [`${of} DROP IDENTITY`];
  return [`${of} DROP DEFAULT`, `DROP SEQUENCE ${inPublic(`${table}_${column}_seq`)}`];
}

/** A table that lay out of sight while an enum of its was made anew still has the one from before. */
function withTypesOfNow(parser: PostgresParser, draft: SchemaDraft, table: TableDraft): readonly string[] {
  const enums = enumNames(draft);
  const typed = table.columns.filter(({ type }) => enums.has(type.name));
  if (typed.length === 0) return [];
  const names = typed.map(({ name }) => name);
  const nowhere = { schema: '', relation: '' };
  const retyped = typed.map(
    ({ name: column, type }) =>
      ({ kind: 'set-type', table: table.name, column, from: type, to: type, kept: nowhere }) as const,
  );
  const whole = { ...draft, tables: [...draft.tables, table] };
  const steps = around(table, names, retyped, () => nowhere);
  let current: SchemaDraft = whole;
  const statements = steps.flatMap((step) => {
    const before = current;
    current = applyStep(current, step);
    return step.kind === 'set-type'
      ? [retype(parser, tableOf(before, table.name), step.column)]
      : emitStep(parser, before, step).plain;
  });
  const differs = `EXISTS (SELECT FROM pg_attribute a JOIN pg_type t ON t.oid IN (a.atttypid, (SELECT e.typelem FROM pg_type e WHERE e.oid = a.atttypid AND e.typelem <> 0)) WHERE a.attrelid = to_regclass(${literal(inPublic(table.name))}) AND NOT a.attisdropped AND t.typtype = 'e' AND t.typnamespace <> 'public'::regnamespace)`;
  return [onlyWhere(differs, statements)];
}

/** To the enum that has the name now, by the names of its values. */
function retype(parser: PostgresParser, table: TableDraft, column: string): string {
  const { type, default: given } = table.columns.find(({ name }) => name === column)!;
  const name = quoteIdentifier(column);
  const target = formatType(type);
  const change = [
    given && `ALTER COLUMN ${name} DROP DEFAULT`,
    `ALTER COLUMN ${name} TYPE ${target} USING ${name}::text::${target}`,
    given && `ALTER COLUMN ${name} SET DEFAULT ${printExpression(parser, given)}`,
  ];
  return `${alter(table.name)} ${change.filter(Boolean).join(', ')}`;
}

function copyRows(parser: PostgresParser, step: Extract<ChangeStep, { kind: 'copy-rows' }>): string {
  const where = step.where ? ` WHERE ${printExpression(parser, step.where)}` : '';
  return `INSERT INTO ${inPublic(step.into)} (${list(step.columns)}) SELECT ${list(step.values)} FROM ${inPublic(step.from)}${where}`;
}

function fill(parser: PostgresParser, step: Extract<ChangeStep, { kind: 'fill-column' }>): string {
  const where = step.where ? ` WHERE ${printExpression(parser, step.where)}` : '';
  return `UPDATE ${inPublic(step.table)} SET ${quoteIdentifier(step.column)} = ${printExpression(parser, step.value)}${where}`;
}

function constraintText(parser: PostgresParser, constraint: TableConstraint): string {
  const name = quoteIdentifier(constraintName(constraint));
  switch (constraint.kind) {
    case 'primary-key':
      return `${name} PRIMARY KEY (${list(constraint.primaryKey.columns)})${deferral(constraint.primaryKey.deferral)}`;
    case 'unique': {
      const { unique } = constraint;
      return `${name} UNIQUE ${unique.nullsNotDistinct ? 'NULLS NOT DISTINCT ' : ''}(${list(unique.columns)})${deferral(unique.deferral)}`;
    }
    case 'check':
      return `${name} CHECK (${printExpression(parser, constraint.check.expression)})`;
    case 'foreign-key': {
      const key = constraint.foreignKey;
      const target = `${inPublic(key.referencedTable)} (${list(key.referencedColumns)})`;
      return `${name} FOREIGN KEY (${list(key.columns)}) REFERENCES ${target}${action('DELETE', key.onDelete)}${action('UPDATE', key.onUpdate)}${deferral(key.deferral)}`;
    }
    case 'not-null':
      throw new Error('A NOT NULL is a property of its column');
  }
}

function action(event: 'DELETE' | 'UPDATE', what: string): string {
  return what === 'no action' ? '' : ` ON ${event} ${what.toUpperCase()}`;
}

function deferral(when: 'deferrable' | 'deferred' | undefined): string {
  if (when === undefined) return '';
  return when === 'deferred' ? ' DEFERRABLE INITIALLY DEFERRED' : ' DEFERRABLE';
}

/**
 * A constraint that comes back holds for what is written from now on; rows written since that break it stay, but for
 * those whose parent is gone together with a table that comes back: they would have gone with it.
 */
function returning(
  parser: PostgresParser,
  { table, constraint }: Extract<ChangeStep, { kind: 'add-constraint' }>,
): readonly string[] {
  const add = `${alter(table)} ADD CONSTRAINT ${constraintText(parser, constraint)}`;
  if (constraint.kind !== 'foreign-key' && constraint.kind !== 'check') return [add];
  const validate = `${alter(table)} VALIDATE CONSTRAINT ${quoteIdentifier(constraintName(constraint))}`;
  return [`${add} NOT VALID`, asFarAsItGoes(validate)];
}

function setEnumValues(
  parser: PostgresParser,
  draft: SchemaDraft,
  step: Extract<ChangeStep, { kind: 'set-enum-values' }>,
): StepSql {
  if (!onlyAdds(step)) return remakeEnum(parser, draft, step);
  const sql = addValues(step);
  return { live: sql, plain: sql };
}

function addValues({ type, from, to }: Extract<ChangeStep, { kind: 'set-enum-values' }>): readonly string[] {
  return to.flatMap((value, index) => {
    if (from.includes(value)) return [];
    const before = to[index - 1];
    const next = from[0];
    const place =
      before === undefined ? (next === undefined ? '' : ` BEFORE ${literal(next)}`) : ` AFTER ${literal(before)}`;
    return [`ALTER TYPE ${inPublic(type)} ADD VALUE ${literal(value)}${place}`];
  });
}

/**
 * A value cannot be taken from a type, so the type is made anew, or comes back, and every column of it written again.
 * The one from before stays, out of sight, for what is kept of that type.
 */
function remakeEnum(
  parser: PostgresParser,
  draft: SchemaDraft,
  step: Extract<ChangeStep, { kind: 'set-enum-values' }>,
): StepSql {
  const { type, to, kept, restores } = step;
  const old = `tb_old_${type}`.slice(0, 63);
  const columns = rewriteColumns(parser, draft, step);
  const fresh = createEnum({ name: type, values: to });
  const back = restores && `ALTER TYPE ${quoteIdentifier(restores)}.${quoteIdentifier(type)} SET SCHEMA public`;
  return {
    live: [`ALTER TYPE ${inPublic(type)} SET SCHEMA ${quoteIdentifier(kept)}`, back ?? fresh, ...columns],
    plain: [
      `ALTER TYPE ${inPublic(type)} RENAME TO ${quoteIdentifier(old)}`,
      fresh,
      ...columns,
      `DROP TYPE ${inPublic(old)}`,
    ],
  };
}

function rewriteColumns(
  parser: PostgresParser,
  draft: SchemaDraft,
  { type, from, to, chosen }: Extract<ChangeStep, { kind: 'set-enum-values' }>,
): readonly string[] {
  const gone = from.filter((value) => !to.includes(value));
  const columns = draft.tables.flatMap((table) =>
    table.columns.filter((column) => column.type.name === type).map((column) => ({ table, column })),
  );
  return columns.map(({ table, column }) => {
    const name = quoteIdentifier(column.name);
    const target = formatType(column.type);
    const value =
      chosen === undefined
        ? `${name}::text`
        : `CASE WHEN ${name}::text IN (${gone.map(literal).join(', ')}) THEN ${literal(chosen)} ELSE ${name}::text END`;
    const text = column.type.arrayDimensions > 0 ? `${name}::text[]` : value;
    const [off, on] = column.default
      ? [
          `ALTER COLUMN ${name} DROP DEFAULT, `,
          `, ALTER COLUMN ${name} SET DEFAULT ${printExpression(parser, column.default)}`,
        ]
      : ['', ''];
    return `${alter(table.name)} ${off}ALTER COLUMN ${name} TYPE ${target} USING (${text})::${target}${on}`;
  });
}

function literal(text: string): string {
  const quoted = `'${text.replaceAll("'", "''")}'`;
  return text.includes('\\') ? ` E${quoted.replaceAll('\\', '\\\\')}` : quoted;
}
