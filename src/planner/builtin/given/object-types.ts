import { ROLE_NOUNS } from '../grammar/lexicon.ts';
import { findEntity, libraryName } from '../library/entity-library.ts';
import { singularName, snakeCase, tableName } from '../names.ts';
import type { GivenColumn, GivenEnum, GivenSchema, GivenTable } from './given-schema.ts';
import { sqlConstant } from './given-schema.ts';

/** A type of objects as a program declares it: an interface, a class, a document, a GraphQL type. */
export interface ObjectType {
  /** As it is declared: `BlogPost`. */
  readonly name: string;
  /** The table's own name, where the declaration gives one. */
  readonly table?: string | undefined;
  readonly fields: readonly ObjectField[];
  readonly uniques?: readonly (readonly string[])[] | undefined;
}

export interface ObjectField {
  readonly name: string;
  /** An SQL type or the name of an enum; undefined when the field holds objects of another type. */
  readonly type?: string | undefined;
  /** The name of the type whose objects it holds or points at. */
  readonly target?: string | undefined;
  readonly isList?: boolean | undefined;
  readonly nullable: boolean;
  readonly isKey?: boolean | undefined;
  readonly unique?: boolean | undefined;
  readonly isCounted?: boolean | undefined;
  /** An SQL expression. */
  readonly default?: string | undefined;
  /** The only values it may take. */
  readonly values?: readonly string[] | undefined;
  /** The column's own name, where the declaration gives one. */
  readonly column?: string | undefined;
  readonly onDelete?: NonNullable<GivenColumn['references']>['onDelete'];
  /** The list on the other side is known to be one of many: `ManyToManyField`. */
  readonly isMutual?: boolean | undefined;
}

/** Tables for object types: a field that holds an object is a key, lists of each other are a table between. */
export function fromObjectTypes(
  types: readonly ObjectType[],
  enums: readonly GivenEnum[] = [],
  leftOut: readonly string[] = [],
): GivenSchema {
  const reading = { types, tables: new Map(types.map((type) => [type.name, nameOf(type)])), isCamel: isCamel(types) };
  const parts = types.flatMap((type) => type.fields.flatMap((field) => partKey(type, field, reading)));
  return {
    tables: types.map((type) => readType(type, reading, parts)),
    enums,
    links: types.flatMap((type) => type.fields.flatMap((field) => linkOf(type, field, reading))),
    leftOut,
  };
}

interface Reading {
  readonly types: readonly ObjectType[];
  /** Tables by their types. */
  readonly tables: ReadonlyMap<string, string>;
  /** Whether its names are `authorId` rather than `author_id`. */
  readonly isCamel: boolean;
}

function nameOf(type: ObjectType): string {
  return type.table ?? tableName(type.name) ?? snakeCase(type.name);
}

function isCamel(types: readonly ObjectType[]): boolean {
  const names = types.flatMap(({ fields }) => fields.map(({ name }) => name));
  return names.some((name) => /[a-z][A-Z]/.test(name)) && !names.some((name) => /[a-z]_[a-z]/.test(name));
}

function readType(type: ObjectType, reading: Reading, parts: readonly Part[]): GivenTable {
  const columns = type.fields.flatMap((field) => columnOf(type, field, reading));
  const missing = parts.filter(
    ({ table, column }) => table === type.name && !columns.some(({ name }) => name === column.name),
  );
  const keys = type.fields.filter(({ isKey }) => isKey).map((field) => field.column ?? field.name);
  return {
    name: reading.tables.get(type.name) ?? nameOf(type),
    columns: [...columns, ...missing.map(({ column }) => column)],
    primaryKey: keys.length > 0 ? keys : columns.filter(({ name }) => /^_?id$/.test(name)).map(({ name }) => name),
    uniques: type.uniques ?? [],
  };
}

function columnOf(type: ObjectType, field: ObjectField, reading: Reading): GivenColumn[] {
  const { name, nullable, unique, isCounted, values } = field;
  const own = { nullable, unique, isCounted, default: field.default };
  if (field.target !== undefined && reading.tables.has(field.target)) {
    if (field.isList) return [];
    const table = reading.tables.get(field.target) ?? field.target;
    // A key to the own table may be empty: the first row could not be made otherwise.
    const isOptional = nullable || field.target === type.name;
    return [
      {
        ...own,
        nullable: isOptional,
        name: field.column ?? keyName(name, reading),
        type: undefined,
        references: { table, onDelete: field.onDelete },
      },
    ];
  }
  const column = field.column ?? name;
  const target = field.isKey ? undefined : pointedAt(name, type, reading);
  if (target !== undefined && field.target === undefined && !field.isList)
    return [{ ...own, name: column, type: undefined, references: { table: target } }];
  const base = field.type ?? 'jsonb';
  const check = values && `"${column}" IN (${values.map(sqlConstant).join(', ')})`;
  return [{ ...own, name: column, type: field.isList && base !== 'jsonb' ? `${base}[]` : base, check }];
}

/** `author` → `author_id`, or `authorId` among such names; `authorId` stays. */
function keyName(name: string, { isCamel: camel }: Reading): string {
  if (/(_id|Id)$/.test(name)) return name;
  return camel ? `${name}Id` : `${name}_id`;
}

/** The table that `userId` and `author_id` mean: by its type's name, or as a role of the only people there are. */
function pointedAt(name: string, type: ObjectType, { tables }: Reading): string | undefined {
  const stem = /^(.+?)(?:_id|Id|ID)$/.exec(name)?.[1];
  if (stem === undefined) return undefined;
  const word = singularName(snakeCase(stem));
  const named = [...tables].find(([other]) => singularName(snakeCase(other)) === word);
  if (named) return named[1];
  const isRole = ROLE_NOUNS.has(word.split('_').at(-1) ?? '');
  const people = [...tables].filter(
    ([other]) => other !== type.name && libraryName(singularName(snakeCase(other))) === 'users',
  );
  return isRole && people.length === 1 ? people[0]?.[1] : undefined;
}

/** A key that only the other side's list tells of. */
interface Part {
  /** The name of the type that has the key. */
  readonly table: string;
  readonly column: GivenColumn;
}

/** «posts: Post[]» of a user, when a post says nothing of its user. */
function partKey(type: ObjectType, field: ObjectField, reading: Reading): Part[] {
  const target = reading.types.find(({ name }) => name === field.target);
  if (!field.isList || target === undefined || isShared(type, field, target) || pointsBack(target, type, reading))
    return [];
  const owner = reading.tables.get(type.name) ?? type.name;
  const key = snakeCase(singularName(type.name));
  const name = keyName(reading.isCamel ? lowerFirst(singularName(type.name)) : key, reading);
  return [
    { table: target.name, column: { name, type: undefined, nullable: target === type, references: { table: owner } } },
  ];
}

function linkOf(type: ObjectType, field: ObjectField, reading: Reading): GivenSchema['links'] {
  const target = reading.types.find(({ name }) => name === field.target);
  if (!field.isList || target === undefined || !isShared(type, field, target)) return [];
  const back = target.fields.find((other) => other.isList && other.target === type.name);
  const isFirst = back === undefined || type === target || reading.types.indexOf(type) < reading.types.indexOf(target);
  const [left, right] = [reading.tables.get(type.name), reading.tables.get(target.name)];
  // «likes: [User]» of a post is kept in `post_likes`.
  const name =
    field.isMutual && back === undefined ? `${singularName(snakeCase(type.name))}_${snakeCase(field.name)}` : undefined;
  return isFirst && left !== undefined && right !== undefined ? [{ left, right, name }] : [];
}

/** Both have a list of the other, or many rows have the same of these, as with tags. */
function isShared(type: ObjectType, field: ObjectField, target: ObjectType): boolean {
  if (field.isMutual) return true;
  if (target.fields.some((other) => other.isList && other.target === type.name && target !== type)) return true;
  if (target.fields.some((other) => !other.isList && other.target === type.name)) return false;
  const library = libraryName(tableName(target.name) ?? target.name);
  return findEntity(type.name)?.links.includes(library) ?? false;
}

function pointsBack(target: ObjectType, type: ObjectType, reading: Reading): boolean {
  const table = reading.tables.get(type.name);
  return target.fields.some(
    (field) => !field.isList && (field.target === type.name || pointedAt(field.name, target, reading) === table),
  );
}

function lowerFirst(text: string): string {
  return `${text.charAt(0).toLowerCase()}${text.slice(1)}`;
}
