import { plainRecord } from '../../domain/plain-record.ts';
import type { DraftColumn } from './draft.ts';
import { inferColumn } from './infer-column.ts';
import { columnName, singularName, snakeCase, tableName } from './names.ts';

/**
 * A table in shorthand, which people may write in a prompt and in which the entity library is written:
 * `posts(title, body:text, status:draft|published, slug!, summary?, author->users, tags<->)`.
 */
export interface TableNotation {
  readonly name: string;
  readonly columns: readonly DraftColumn[];
  /** Tables it is tied to many-to-many. */
  readonly links: readonly string[];
}

/** SQL types by the words people use for them. */
const TYPES: Readonly<Record<string, string>> = plainRecord<string>(
  Object.entries({
    string: 'varchar(255)',
    str: 'varchar(255)',
    varchar: 'varchar(255)',
    char: 'varchar(255)',
    text: 'text',
    longtext: 'text',
    markdown: 'text',
    html: 'text',
    int: 'integer',
    integer: 'integer',
    int4: 'integer',
    smallint: 'integer',
    number: 'numeric',
    bigint: 'bigint',
    int8: 'bigint',
    long: 'bigint',
    serial: 'integer',
    decimal: 'numeric',
    numeric: 'numeric',
    money: 'numeric(12,2)',
    currency: 'numeric(12,2)',
    price: 'numeric(12,2)',
    float: 'double precision',
    double: 'double precision',
    real: 'double precision',
    bool: 'boolean',
    boolean: 'boolean',
    flag: 'boolean',
    date: 'bigint',
    time: 'bigint',
    datetime: 'bigint',
    timestamp: 'bigint',
    timestamptz: 'bigint',
    json: 'jsonb',
    jsonb: 'jsonb',
    object: 'jsonb',
    array: 'jsonb',
    list: 'jsonb',
    uuid: 'varchar',
    id: 'varchar',
    email: 'varchar(254)',
    url: 'text',
    file: 'text',
    image: 'text',
  }),
);

/** Reads `name(columns)`; undefined when the name is none. */
export function parseTable(name: string, columns: string, parse = parseColumn): TableNotation | undefined {
  const table = tableName(name);
  if (table === undefined) return undefined;
  const parts = splitColumns(columns);
  const links = parts.filter((part) => /<->|<-->/.test(part)).map(linkTarget);
  const own = parts.filter((part) => !/<-+>/.test(part)).map((part) => parse(part));
  return {
    name: table,
    columns: uniqueColumns(own.filter((column) => column !== undefined)),
    links: links.filter((link) => link !== undefined),
  };
}

/** Types that cannot be part of a name: «due date» is a name. */
const TYPE_WORDS =
  /^(varchar|char|string|text|int|integer|bigint|smallint|serial|bool|boolean|float|double|real|decimal|numeric|timestamp|timestamptz|datetime|uuid|json|jsonb)\b/i;

/** Reads `body:text?`, `slug!`, `status:draft|published`, `author->users`. House columns read as none. */
export function parseColumn(text: string): DraftColumn | undefined {
  const [left = '', target] = text.split(/-+>|=>/).map((part) => part.trim());
  const [rawName = '', ...rest] = left.split(/[:\s]+/).filter(Boolean);
  const marks = `${/[?!*]*$/.exec(left)?.[0] ?? ''}${/[?!*]*$/.exec(target ?? '')?.[0] ?? ''}`;
  // The second word is a type, or it belongs to the name: «published year».
  const isTyped = left.includes(':') || TYPE_WORDS.test(rest[0] ?? '');
  const name = columnName(isTyped ? rawName : [rawName, ...rest].join(' '));
  if (name === undefined || isHouseColumn(name)) return undefined;
  const column =
    target === undefined ? ordinaryColumn(name, isTyped ? rest.join(' ') : '') : reference(snakeCase(rawName), target);
  if (column === undefined) return undefined;
  const nullable = marks.includes('?') || (column.nullable && target === undefined);
  return { ...column, nullable, unique: marks.includes('!') || column.unique };
}

export function isHouseColumn(name: string): boolean {
  return ['id', 'created_at', 'updated_at'].includes(name);
}

/** The SQL type people mean by a word; undefined for a word that names none. */
export function sqlType(word: string): string | undefined {
  return TYPES[word.toLowerCase().replace(/\(.*$/, '')];
}

/** Keeps the first of several columns with one name. */
export function uniqueColumns(columns: readonly DraftColumn[]): DraftColumn[] {
  return [...new Map(columns.toReversed().map((column) => [column.name, column])).values()].toReversed();
}

/** A text column that takes one of a few values; the first is the default of a status. */
export function enumColumn(name: string, values: readonly string[]): DraftColumn {
  const isState = /status|state|stage/.test(name);
  return {
    name,
    type: 'varchar(64)',
    nullable: false,
    values,
    default: isState ? `'${values[0]?.replaceAll("'", "''")}'` : undefined,
  };
}

function splitColumns(text: string): string[] {
  return text
    .split(/,(?![^(]*\))|;|\n/)
    .map((part) => part.trim())
    .filter(Boolean);
}

function linkTarget(part: string): string | undefined {
  const [left = '', right = ''] = part.split(/<-+>/).map((side) => side.trim());
  return tableName(right || left);
}

function reference(name: string, target: string): DraftColumn | undefined {
  const table = tableName(target.replace(/[?!*]+$/, '').split('.')[0] ?? '');
  if (table === undefined) return undefined;
  const base = singularName(name.replace(/_id$/, ''));
  return { name: `${base}_id`, type: 'varchar', nullable: false, references: table };
}

function ordinaryColumn(name: string, typeText: string): DraftColumn {
  const inferred = inferColumn(name);
  const typeWord = typeText.replaceAll(/[?!*]+$/g, '').trim();
  if (typeWord.includes('|')) return enumColumn(inferred.name, typeWord.split('|').map(snakeCase).filter(Boolean));
  const type = sqlType(typeWord.split(' ')[0] ?? '');
  if (type === undefined || type === inferred.type.replace(/\(.*$/, '')) return inferred;
  return {
    name: inferred.name,
    type,
    nullable: inferred.nullable,
    unique: inferred.unique,
    check: isNumeric(type) ? inferred.check : undefined,
  };
}

function isNumeric(type: string): boolean {
  return /^(integer|bigint|numeric|double)/.test(type);
}
