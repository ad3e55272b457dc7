import type { DatabaseSchema } from '../../../domain/database-schema.ts';
import { joinName } from '../names.ts';
import { listOf, q, type ClauseChange, type ClauseParts } from './clause-change.ts';
import { findColumn, findTable } from './find-names.ts';

/** Words for a type as Postgres names it. */
const TYPES: readonly (readonly [words: RegExp, type: string])[] = [
  [/^(?:an?\s+)?(?:whole\s+)?(?:integer|int|number|numbers|whole\s+numbers?)$/, 'integer'],
  [/^(?:an?\s+)?(?:big\s*int(?:eger)?|big\s+number)$/, 'bigint'],
  [/^(?:an?\s+)?(?:decimal|money|amount|price|decimal\s+number)$/, 'numeric(12,2)'],
  [/^(?:an?\s+)?(?:text|long\s+text|string|free\s+text)$/, 'text'],
  [/^(?:an?\s+)?(?:bool(?:ean)?|flag|yes\/no|true\/false)$/, 'boolean'],
  [/^(?:an?\s+)?date$/, 'date'],
  [/^(?:an?\s+)?json(?:b)?(?:\s+object)?$/, 'jsonb'],
];

/** `numeric(10,2)`, `varchar(80)`: a type in its own words. */
const OWN = /^(?:numeric\(\d{1,3}(?:,\s*\d{1,2})?\)|(?:varchar|character varying)(?:\(\d{1,6}\))?|smallint|real|uuid)$/;

export function retype(
  schema: DatabaseSchema,
  { column = '', table: place = '', type = '' }: ClauseParts,
): ClauseChange | undefined {
  const found = findColumn(schema, column, place);
  const words = type
    .trim()
    .toLowerCase()
    .replace(/^an?\s+(?=numeric|varchar|smallint|real|uuid)/, '');
  const wanted = OWN.test(words) ? words : TYPES.find(([pattern]) => pattern.test(words))?.[1];
  if (!found || wanted === undefined) return undefined;
  return {
    sql: `ALTER TABLE ${q(found.table.name)} ALTER COLUMN ${q(found.column)} TYPE ${wanted}`,
    reasoning: `${found.table.name}.${found.column} becomes ${wanted}.`,
    warnings: found.others,
  };
}

/** «index posts by title»: looked up faster, nothing else. */
export function addIndex(
  schema: DatabaseSchema,
  { columns = '', table: place = '' }: ClauseParts,
): ClauseChange | undefined {
  const found = listOf(columns).map((part) => findColumn(schema, part, place));
  const [first] = found;
  if (!first || found.some((each) => each?.table !== first.table)) return undefined;
  const table = findTable(schema, first.table.name);
  const names = found.flatMap((each) => each?.column ?? []);
  if (!table || table.indexes.some(({ keys }) => keys.join() === names.map(q).join())) return undefined;
  return {
    sql: `CREATE INDEX ${joinName(table.name, names.join('_'), 'idx')} ON ${q(table.name)} (${names.map(q).join(', ')})`,
    reasoning: `${table.name} are found faster by ${names.join(' and ')}.`,
    warnings: first.others,
  };
}
