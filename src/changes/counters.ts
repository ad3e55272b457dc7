import { formatType, type TableDraft } from '../schema/drafts.ts';
import { quoteIdentifier } from '../schema/schema.ts';
import type { Counter } from './change-step.ts';
import { valueType } from './counted-type.ts';
import { identityWord, inPublic } from './sql-text.ts';

/** The column, which has a value in every row, counts by itself from now on. */
export function startCounting(
  table: TableDraft,
  column: string,
  counter: Exclude<Counter, undefined>,
): readonly string[] {
  const of = inPublic(table.name);
  const alter = `ALTER TABLE ${of} ALTER COLUMN ${quoteIdentifier(column)}`;
  if (counter !== 'serial') return [`${alter} ADD GENERATED ${identityWord({ identity: counter })} AS IDENTITY`];
  const type = table.columns.find(({ name }) => name === column)?.type;
  const sequence = inPublic(`${table.name}_${column}_seq`);
  return [
    `CREATE SEQUENCE ${sequence}${type ? ` AS ${formatType(valueType(type))}` : ''} OWNED BY ${of}.${quoteIdentifier(column)}`,
    `${alter} SET DEFAULT nextval(${quoted(sequence)}::regclass)`,
  ];
}

/** The next number is one that no row has. */
export function setSequence(table: TableDraft, column: string): string {
  const of = inPublic(table.name);
  return `SELECT setval(pg_get_serial_sequence(${quoted(of)}, ${quoted(column)}), coalesce(max(${quoteIdentifier(column)}), 0) + 1, false) FROM ${of}`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
