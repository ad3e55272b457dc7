import { formatType, type PostgresParser, type TableDraft } from '../schema/drafts.ts';
import { quoteIdentifier } from '../schema/schema.ts';
import type { ChangeStep, Kept } from './change-step.ts';
import { valueType } from './counted-type.ts';
import { setSequence, startCounting } from './counters.ts';
import { columnText, inPublic, list, printExpression } from './sql-text.ts';

// Values that a change takes out of sight lie in a schema of their own, keyed by the row that they belong to. The key
// follows the row's own and goes with it (ON DELETE, ON UPDATE CASCADE), so nothing is kept for rows that are gone.

type Of<Kind extends ChangeStep['kind']> = Extract<ChangeStep, { readonly kind: Kind }>;

/** Before a column is dropped. A generated column has no values of its own. */
export function keepColumn(table: TableDraft, { column, kept }: Of<'drop-column'>): readonly string[] {
  return column.generated ? [] : keep(table, kept, [quoteIdentifier(column.name)]);
}

/** Rows of a table without a key cannot be told apart, so their values are kept without a way back. */
function keep(table: TableDraft, kept: Kept, values: readonly string[], where = ''): readonly string[] {
  const key = keyOf(table);
  const others = values.filter((value) => !key.map(quoteIdentifier).includes(value));
  const selected = [...key.map(quoteIdentifier), ...others].join(', ');
  const copy = `CREATE TABLE ${place(kept)} AS SELECT ${selected} FROM ${inPublic(table.name)}${where}`;
  if (key.length === 0) return [copy];
  const columns = list(key);
  return [
    copy,
    `ALTER TABLE ${place(kept)} ADD PRIMARY KEY (${columns}), ADD FOREIGN KEY (${columns}) REFERENCES ${inPublic(table.name)} (${columns}) ON DELETE CASCADE ON UPDATE CASCADE`,
  ];
}

/** The column comes back empty, takes its values, and only then its default and what it demands. */
export function restoreColumn(
  parser: PostgresParser,
  table: TableDraft,
  { column, kept }: Of<'restore-column'>,
  enums: ReadonlySet<string>,
): readonly string[] {
  if (column.generated) return [`ALTER TABLE ${inPublic(table.name)} ADD COLUMN ${columnText(parser, column)}`];
  const name = quoteIdentifier(column.name);
  const bare = { ...column, type: valueType(column.type), nullable: true, default: undefined, identity: undefined };
  return [
    `ALTER TABLE ${inPublic(table.name)} ADD COLUMN ${columnText(parser, bare)}`,
    ...quietly(table, [
      ...fromKept(table, kept, `${name} = k.${name}${byName(column, enums)}`),
      ...(column.default && !column.nullable
        ? [
            `UPDATE ${inPublic(table.name)} SET ${name} = ${printExpression(parser, column.default)} WHERE ${name} IS NULL`,
          ]
        : []),
    ]),
    ...fillsItself(table, column),
    ...(column.default
      ? [
          `ALTER TABLE ${inPublic(table.name)} ALTER COLUMN ${name} SET DEFAULT ${printExpression(parser, column.default)}`,
        ]
      : []),
    ...(column.nullable ? [] : [`ALTER TABLE ${inPublic(table.name)} ALTER COLUMN ${name} SET NOT NULL`]),
    ...(column.identity
      ? [...startCounting(table, column.name, column.identity), setSequence(table, column.name)]
      : []),
    `DROP TABLE ${place(kept)}`,
  ];
}

/** Values of an enum that was made anew since are of another type with the same names. */
function byName({ type }: TableDraft['columns'][number], enums: ReadonlySet<string>): string {
  return enums.has(type.name) ? `::text::${formatType(type)}` : '';
}

/** Rows written since get the next numbers; a serial column gets its sequence back. */
function fillsItself(table: TableDraft, column: TableDraft['columns'][number]): readonly string[] {
  const isSerial = column.type.name.endsWith('serial');
  if (!isSerial && column.identity === undefined) return [];
  const name = quoteIdentifier(column.name);
  const of = inPublic(table.name);
  const gaps = `UPDATE ${of} SET ${name} = g.number FROM (SELECT ctid AS row, row_number() OVER () + coalesce((SELECT max(${name}) FROM ${of}), 0) AS number FROM ${of} WHERE ${name} IS NULL) g WHERE ${of}.ctid = g.row`;
  if (!isSerial) return [gaps];
  const whole = { ...table, columns: [...table.columns, column] };
  return [gaps, ...startCounting(whole, column.name, 'serial'), setSequence(table, column.name)];
}

/** Before a type changes: what would not come back as it was, with what it becomes. */
export function keepDifferences(
  table: TableDraft,
  { column, from, kept }: Of<'set-type'>,
  using: string,
): readonly string[] {
  const name = quoteIdentifier(column);
  const after = `(${using})::${formatType(from)}`;
  if (keyOf(table).includes(column)) return [];
  return keep(table, kept, [name, `${after} AS tb_after`], ` WHERE (${after})::text IS DISTINCT FROM ${name}::text`);
}

/** Values that changed their spelling get it back, but for those that were written since. */
export function restoreDifferences(table: TableDraft, { column }: Of<'set-type'>, from: Kept): readonly string[] {
  const name = quoteIdentifier(column);
  if (keyOf(table).length === 0 || keyOf(table).includes(column)) return [];
  const update = fromKept(
    table,
    from,
    `${name} = k.${name}`,
    ` AND t.${name}::text IS NOT DISTINCT FROM k.tb_after::text`,
  );
  return [...quietly(table, update), `DROP TABLE ${place(from)}`];
}

/** Before a column is filled: what stood there, with what it becomes. */
export function keepFilled(parser: PostgresParser, table: TableDraft, step: Of<'fill-column'>): readonly string[] {
  const where = step.where ? ` WHERE ${printExpression(parser, step.where)}` : '';
  return keep(
    table,
    step.kept,
    [quoteIdentifier(step.column), `${printExpression(parser, step.value)} AS tb_after`],
    where,
  );
}

export function unfill(table: TableDraft, { column, kept }: Of<'unfill-column'>): readonly string[] {
  const name = quoteIdentifier(column);
  if (keyOf(table).length === 0) return [];
  const update = fromKept(
    table,
    kept,
    `${name} = k.${name}`,
    ` AND t.${name}::text IS NOT DISTINCT FROM k.tb_after::text`,
  );
  return [...quietly(table, update), `DROP TABLE ${place(kept)}`];
}

function fromKept(table: TableDraft, kept: Kept, assignment: string, also = ''): readonly string[] {
  const key = keyOf(table);
  if (key.length === 0) return [];
  const match = key.map((name) => `k.${quoteIdentifier(name)} = t.${quoteIdentifier(name)}`).join(' AND ');
  return [`UPDATE ${inPublic(table.name)} t SET ${assignment} FROM ${place(kept)} k WHERE ${match}${also}`];
}

/** The owner's own triggers do not fire on what we write back. */
function quietly(table: TableDraft, statements: readonly string[]): readonly string[] {
  if (statements.length === 0) return [];
  const triggers = (what: string): string => `ALTER TABLE ${inPublic(table.name)} ${what} TRIGGER USER`;
  return [triggers('DISABLE'), ...statements, triggers('ENABLE')];
}

function keyOf(table: TableDraft): readonly string[] {
  return table.primaryKey?.columns ?? [];
}

function place({ schema, relation }: Kept): string {
  return `${quoteIdentifier(schema)}.${quoteIdentifier(relation)}`;
}
