import type { DraftColumn, DraftTable } from '../draft.ts';
import type { TableNotation } from '../notation.ts';
import { singularName, snakeCase, tableName } from '../names.ts';
import { parseColumn } from '../notation.ts';
import { fromNotations } from './from-notations.ts';

const BLOCK = /\b(?:table|model|entity)\s+"?([A-Za-z_]\w*)"?(?:\s+as\s+\w+)?\s*\{([^{}]*)\}/gi;
const REFERENCE = /\bref(?:\s+\w+)?\s*:\s*"?(\w+)"?\."?(\w+)"?\s*([<>-]+)\s*"?(\w+)"?\."?(\w+)"?/gi;

/** `Table users { id integer [pk] … }` with `Ref: posts.user_id > users.id`, or the like of Prisma's models. */
export function readDbml(prompt: string): DraftTable[] {
  const tables = [...prompt.matchAll(BLOCK)].map(([, name = '', body = '']) => readBlock(name, body));
  const outside = [...prompt.matchAll(REFERENCE)];
  return fromNotations(tables.filter((table) => table !== undefined).map((table) => addReferences(table, outside)));
}

function readBlock(name: string, body: string): TableNotation | undefined {
  const table = tableName(name);
  if (table === undefined) return undefined;
  const columns = body.split('\n').flatMap((line) => readLine(line.replace(/\/\/.*$/, '').trim()) ?? []);
  return { name: table, columns, links: [] };
}

function readLine(line: string): DraftColumn | undefined {
  const match = /^"?([A-Za-z_]\w*)"?\s*:?\s+([A-Za-z]\w*)(\([^)]*\))?(\[\])?(\?)?\s*(?:\[(.*)\]|(.*))$/.exec(line);
  if (!match || /^(indexes|note|@@)/i.test(line)) return undefined;
  const [, name = '', type = '', , isList, isOptional, bracketed, rest = ''] = match;
  // A relation field of Prisma: its key column stands beside it.
  if (isList || (/^[A-Z]/.test(type) && /@relation/.test(rest))) return undefined;
  const settings = bracketed ?? rest;
  const target = /ref\s*:\s*[<>-]+\s*"?(\w+)"?\./i.exec(settings)?.[1];
  const marks = `${isOptional || /(?<!not )null\b/i.test(settings) ? '?' : ''}${/unique/i.test(settings) ? '!' : ''}`;
  const column = parseColumn(target ? `${name}->${target}${marks}` : `${snakeCase(name)}:${type}${marks}`);
  return column && (/not null/i.test(settings) ? { ...column, nullable: false } : column);
}

function addReferences(table: TableNotation, references: readonly RegExpMatchArray[]): TableNotation {
  const columns = table.columns.map((column) => {
    const target = references.flatMap(([, from = '', field = '', arrow = '', to = '', other = '']) => {
      if (isSame(from, table.name) && field === column.name && !arrow.includes('<')) return [to];
      return isSame(to, table.name) && other === column.name && arrow.includes('<') ? [from] : [];
    })[0];
    const name = target === undefined ? undefined : tableName(target);
    return name === undefined
      ? column
      : { name: column.name, type: 'varchar', nullable: column.nullable, unique: column.unique, references: name };
  });
  return { ...table, columns };
}

function isSame(written: string, name: string): boolean {
  return singularName(snakeCase(written)) === singularName(name);
}
