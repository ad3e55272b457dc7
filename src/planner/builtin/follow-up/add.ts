import type { DatabaseSchema, Table } from '../../../domain/database-schema.ts';
import type { DraftColumn } from '../draft.ts';
import { inferColumn } from '../infer-column.ts';
import { columnName, isPluralWord, joinName, singularName, tableName } from '../names.ts';
import { columnClause, writeTable } from '../write-proposal.ts';
import { listOf, q, type ClauseChange, type ClauseParts } from './clause-change.ts';
import { findTable } from './find-names.ts';
import { addMany } from './relate.ts';

export function addTable(
  schema: DatabaseSchema,
  { name: text = '', columns = '' }: ClauseParts,
): ClauseChange | undefined {
  const name = tableName(text);
  if (!name || findTable(schema, text)) return undefined;
  const drafted =
    columns === '' ? [inferColumn('name')] : listOf(columns).flatMap((part) => draftColumn(schema, part) ?? []);
  return {
    sql: writeTable({ name, columns: drafted, uniques: [], confidence: 1 }).createQuery,
    reasoning: `A table of ${name}.`,
  };
}

export function addTo(
  schema: DatabaseSchema,
  { table: place = '', columns = '' }: ClauseParts,
): ClauseChange | undefined {
  const table = findTable(schema, place);
  const parts = listOf(columns);
  if (!table || parts.length === 0) return undefined;
  const changes = parts.map((part) => addOne(schema, table, part));
  const read = changes.flatMap((change) => change ?? []);
  if (read.length === 0) return undefined;
  const missed = parts.filter((_, index) => !changes[index]).map((part) => `Not understood, and left out: «${part}»`);
  return {
    sql: read.map(({ sql }) => sql).join(';\n'),
    reasoning: read.map(({ reasoning }) => reasoning).join(' '),
    warnings: [...read.flatMap((change) => change.warnings ?? []), ...missed],
  };
}

function addOne(schema: DatabaseSchema, table: Table, part: string): ClauseChange | undefined {
  const text = part.trim().replace(/\s+(?:column|field)s?$/i, '');
  const noun = /(\w+)$/.exec(text)?.[1] ?? '';
  const isSeveral = isPluralWord(noun) && !/_?(?:notes|details|settings|preferences|points|views|pages)$/i.test(noun);
  return isSeveral ? addMany(schema, table, text) : addColumn(schema, table, text);
}

function addColumn(schema: DatabaseSchema, table: Table, text: string): ClauseChange | undefined {
  const column = draftColumn(schema, text);
  if (!column) return undefined;
  if (table.columns.some(({ name }) => name === column.name)) return undefined;
  // Rows that are there have no value for it, so it cannot be demanded of them.
  const isFilled = column.default !== undefined;
  const draft = { ...column, nullable: !isFilled, unique: column.unique };
  const index =
    column.references === undefined
      ? []
      : [`CREATE INDEX ${joinName(table.name, column.name, 'idx')} ON ${q(table.name)} (${q(column.name)})`];
  return {
    sql: [`ALTER TABLE ${q(table.name)} ADD COLUMN ${columnClause(draft, table.name)}`, ...index].join(';\n'),
    reasoning: `${table.name} get ${column.name} (${column.type})${isFilled ? '' : ', empty for the rows there are'}.`,
  };
}

/** `phone number`, `category`, `price as numeric(10,2)`, `status (open, closed)`. */
function draftColumn(schema: DatabaseSchema, part: string): DraftColumn | undefined {
  const [, text = '', values] =
    /^(?:an?\s+|the\s+|optional\s+|required\s+)*(.+?)(?:\s*(?:\(|:)\s*(?:one of\s+)?(.+?)\)?)?$/i.exec(part.trim()) ??
    [];
  const name = columnName(text.replace(/\s+(?:of type|as an?)\s+.*$/i, ''));
  if (!name || !/^[\w -]+$/.test(text)) return undefined;
  const target = findTable(schema, text);
  if (target && target.primaryKey.length === 1) {
    const key = target.columns.find((column) => column.name === target.primaryKey[0]);
    return {
      name: `${singularName(target.name)}_id`,
      type: key?.type ?? 'varchar',
      nullable: true,
      references: target.name,
    };
  }
  const column = inferColumn(name);
  const listed =
    values
      ?.split(/\s*(?:,|\||\/|\bor\b)\s*/)
      .map((value) => value.trim())
      .filter(Boolean) ?? [];
  if (values && TYPES.test(values)) return { ...column, type: values };
  return listed.length > 1
    ? {
        ...column,
        type: 'varchar(32)',
        values: listed,
        default: `'${(listed[0] ?? '').replaceAll("'", "''")}'`,
      }
    : column;
}

const TYPES =
  /^(?:text|varchar|integer|int|bigint|boolean|bool|numeric|date|timestamptz|jsonb|uuid|real)(?:\(\d+(?:,\s*\d+)?\))?$/i;
