import type { DatabaseSchema, ForeignKey, Table } from '../domain/database-schema.ts';
import { isOptional, isSingle } from './er-relations.ts';

/** The schema as an ER diagram in Mermaid's notation. */
export function renderMermaid(schema: DatabaseSchema): string {
  const tables = schema.tables.flatMap(tableLines);
  const relations = schema.tables.flatMap((table) => table.foreignKeys.map((key) => relationLine(table, key)));
  return ['erDiagram', ...tables, ...relations].map((line) => `${line}\n`).join('');
}

function tableLines(table: Table): readonly string[] {
  const columns = table.columns.map(({ name, type, nullable }) => {
    const keys = keysOf(table, name).join(', ');
    return `    ${word(type)} ${word(name)}${keys && ` ${keys}`}${nullable ? ' "NULL"' : ''}`;
  });
  return [`  ${quoted(table.name)} {`, ...columns, '  }'];
}

function keysOf(table: Table, column: string): readonly string[] {
  const isForeign = table.foreignKeys.some(({ columns }) => columns.includes(column));
  const isUnique = table.uniques.some(({ columns }) => columns.length === 1 && columns[0] === column);
  return [
    ...(table.primaryKey.includes(column) ? ['PK'] : []),
    ...(isForeign ? ['FK'] : []),
    ...(isUnique ? ['UK'] : []),
  ];
}

function relationLine(table: Table, key: ForeignKey): string {
  const parent = isOptional(table, key) ? '|o' : '||';
  const child = isSingle(table, key) ? 'o|' : 'o{';
  return `  ${quoted(key.referencedTable)} ${parent}--${child} ${quoted(table.name)} : ${quoted(key.columns.join(', '))}`;
}

/** Mermaid has no way to escape a quote inside of one. */
function quoted(text: string): string {
  return `"${text.replaceAll('"', "'").replaceAll(/[\n\r]/g, ' ')}"`;
}

/** Types and attributes are bare words: letters, digits, `_`, `-`, brackets and parentheses. */
function word(text: string): string {
  const bare = text
    .replaceAll(/, ?/g, '-')
    .replaceAll(/[^\p{L}\p{M}\p{N}_()[\]-]+/gu, '_')
    .replace(/^_+(?=.)/, '');
  return /^\p{L}/u.test(bare) ? bare : `x${bare}`;
}
