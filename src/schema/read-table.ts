import type { ColumnDef, Constraint, CreateStmt, Node } from 'libpg-query';
import { checkCollation, checkDefault, checkStoredValue } from './check-expression.ts';
import { LIMITS } from './limits.ts';
import { readConstraint, type TableConstraint } from './read-constraint.ts';
import { readName } from './read-name.ts';
import { readType } from './read-type.ts';
import { placeOf, refuse, type Reading } from './reading.ts';
import type { ColumnDraft, TableDraft } from './schema-draft.ts';

type ColumnParts = Partial<Pick<ColumnDraft, 'nullable' | 'default' | 'identity' | 'generated'>>;

/** A CREATE TABLE. What is wrong with it stands among the findings; the draft then holds what could be read. */
export function readTable(reading: Reading, statement: CreateStmt): TableDraft | undefined {
  const name = readName(reading, 'table', statement.relation?.relname);
  if (name === undefined) return undefined;
  const elements = statement.tableElts ?? [];
  const definitions = elements.flatMap((element) => ('ColumnDef' in element ? [element.ColumnDef] : []));
  checkColumnNames(reading, name, definitions);
  const constraints = [
    ...definitions.flatMap((definition) => columnConstraints(reading, definition)),
    ...elements.flatMap((element) =>
      'Constraint' in element ? (readConstraint(reading, element.Constraint) ?? []) : [],
    ),
  ];
  const table: TableDraft = {
    name,
    columns: definitions.flatMap((definition) => readColumn(reading, definition, definitions) ?? []),
    primaryKey: undefined,
    uniques: [],
    foreignKeys: [],
    checks: [],
    indexes: [],
    comment: undefined,
  };
  return constraints.reduce((draft, constraint) => addConstraint(reading, draft, constraint), table);
}

function checkColumnNames(reading: Reading, table: string, definitions: readonly ColumnDef[]): void {
  if (definitions.length === 0)
    refuse(reading, 'no-columns', `The table ${table} has no columns`, 'Give it at least one.');
  if (definitions.length > LIMITS.columns) {
    refuse(reading, 'too-large', `The table ${table} has more than ${LIMITS.columns} columns`, 'Split it.');
  }
  const seen = new Set<string>();
  for (const { colname } of definitions) {
    const name = readName(reading, 'column', colname);
    if (name !== undefined && seen.has(name))
      refuse(reading, 'duplicate-name', `${table} has two columns "${name}"`, 'Remove one.');
    if (name !== undefined) seen.add(name);
  }
}

/** The constraints of a column that are the table's as well: keys, foreign keys, checks. */
function columnConstraints(reading: Reading, definition: ColumnDef): readonly TableConstraint[] {
  return foldDeferrals(definition.constraints ?? [])
    .filter(({ contype }) => !COLUMN_PARTS.has(contype ?? ''))
    .flatMap((constraint) => readConstraint(reading, constraint, definition.colname) ?? []);
}

const COLUMN_PARTS: ReadonlySet<string> = new Set([
  'CONSTR_NULL',
  'CONSTR_NOTNULL',
  'CONSTR_DEFAULT',
  'CONSTR_IDENTITY',
  'CONSTR_GENERATED',
]);

/** At a column, the parser gives `DEFERRABLE` as a constraint of its own, which belongs to the one before it. */
function foldDeferrals(nodes: readonly Node[]): readonly Constraint[] {
  const constraints: Constraint[] = [];
  for (const node of nodes) {
    if (!('Constraint' in node)) continue;
    const { contype } = node.Constraint;
    const last = constraints.at(-1);
    if (!contype?.startsWith('CONSTR_ATTR_')) constraints.push(node.Constraint);
    else if (last && contype === 'CONSTR_ATTR_DEFERRABLE') constraints.splice(-1, 1, { ...last, deferrable: true });
    else if (last && contype === 'CONSTR_ATTR_DEFERRED') {
      constraints.splice(-1, 1, { ...last, deferrable: true, initdeferred: true });
    }
  }
  return constraints;
}

function readColumn(reading: Reading, definition: ColumnDef, siblings: readonly ColumnDef[]): ColumnDraft | undefined {
  const { colname: name, typeName } = definition;
  if (name === undefined || !typeName) {
    return refuse(reading, 'type-refused', `${placeOf(reading, name)} has no type`, 'Write one, for example text.');
  }
  const type = readType(reading, typeName, name);
  if (definition.collClause) checkCollation(reading, placeOf(reading, name), definition.collClause.collname);
  const parts = foldDeferrals(definition.constraints ?? []).map((constraint) =>
    columnPart(reading, name, constraint, siblings),
  );
  checkContradictions(reading, name, parts);
  if (!type) return undefined;
  const merged: ColumnParts = Object.assign({}, ...parts);
  const fillsItself = type.name.endsWith('serial') || merged.identity !== undefined;
  return {
    name,
    type,
    nullable: merged.nullable ?? !fillsItself,
    default: merged.default,
    identity: merged.identity,
    generated: merged.generated,
    collateC: definition.collClause !== undefined,
    comment: undefined,
  };
}

function columnPart(
  reading: Reading,
  column: string,
  constraint: Constraint,
  siblings: readonly ColumnDef[],
): ColumnParts {
  const { contype, raw_expr: expression } = constraint;
  if (contype === 'CONSTR_NOTNULL') return { nullable: false };
  if (contype === 'CONSTR_NULL') return { nullable: true };
  if (contype === 'CONSTR_IDENTITY') return { identity: constraint.generated_when === 'a' ? 'always' : 'by-default' };
  if (contype === 'CONSTR_DEFAULT' && expression) {
    checkDefault(reading, `The default of ${placeOf(reading, column)}`, expression);
    return isNull(expression) ? {} : { default: expression };
  }
  if (contype === 'CONSTR_GENERATED' && expression) {
    const columns = new Set(
      siblings.flatMap(({ colname }) => (colname === undefined || colname === column ? [] : [colname])),
    );
    checkStoredValue(
      reading,
      `The generated column ${placeOf(reading, column)}`,
      columns,
      zonedAmong(siblings),
      expression,
    );
    return { generated: { expression, stored: constraint.generated_kind !== 'v' } };
  }
  return {};
}

function isNull(expression: Node): boolean {
  return 'A_Const' in expression && expression.A_Const.isnull === true;
}

/** Columns of type `timestamp with time zone`, as far as their definitions tell. */
function zonedAmong(definitions: readonly ColumnDef[]): ReadonlySet<string> {
  const zoned = definitions.filter(({ typeName }) => JSON.stringify(typeName?.names ?? []).includes('"timestamptz"'));
  return new Set(zoned.flatMap(({ colname }) => colname ?? []));
}

function checkContradictions(reading: Reading, column: string, parts: readonly ColumnParts[]): void {
  const nullabilities = new Set(parts.flatMap(({ nullable }) => nullable ?? []));
  const fillings = parts.filter((part) => part.default ?? part.identity ?? part.generated);
  if (nullabilities.size > 1) {
    refuse(reading, 'contradiction', `${placeOf(reading, column)} is declared NULL and NOT NULL`, 'Keep one.');
  }
  if (fillings.length > 1) {
    const message = `${placeOf(reading, column)} has more than one of DEFAULT, IDENTITY and GENERATED`;
    refuse(reading, 'contradiction', message, 'Keep one.');
  }
}

/** The table with one more constraint. */
export function addConstraint(reading: Reading, table: TableDraft, constraint: TableConstraint): TableDraft {
  switch (constraint.kind) {
    case 'primary-key':
      if (table.primaryKey) {
        refuse(
          reading,
          'contradiction',
          `${table.name} has two primary keys`,
          'Write one PRIMARY KEY (a, b) with all its columns.',
        );
      }
      return {
        ...table,
        primaryKey: constraint.primaryKey,
        columns: requireColumns(table.columns, constraint.primaryKey.columns),
      };
    case 'unique':
      return { ...table, uniques: [...table.uniques, constraint.unique] };
    case 'foreign-key':
      return { ...table, foreignKeys: [...table.foreignKeys, constraint.foreignKey] };
    case 'check':
      return { ...table, checks: [...table.checks, constraint.check] };
    case 'not-null':
      return { ...table, columns: requireColumns(table.columns, constraint.columns) };
  }
}

function requireColumns(columns: readonly ColumnDraft[], required: readonly string[]): readonly ColumnDraft[] {
  return columns.map((column) => (required.includes(column.name) ? { ...column, nullable: false } : column));
}
