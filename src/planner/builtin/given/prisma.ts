import { plainRecord } from '../../../domain/plain-record.ts';
import { type Attribute, type Field, getSchema, type Model, type Schema, type Value } from '@mrleebo/prisma-ast';
import { snakeCase, tableName } from '../names.ts';
import {
  deleteRule,
  type GivenColumn,
  type GivenEnum,
  type GivenForeignKey,
  type GivenSchema,
  type GivenTable,
  sqlConstant,
} from './given-schema.ts';

/** Prisma's scalar types as Prisma's own migrations write them for Postgres. */
const TYPES: Readonly<Record<string, string>> = plainRecord<string>(
  Object.entries({
    String: 'text',
    Boolean: 'boolean',
    Int: 'integer',
    BigInt: 'bigint',
    Float: 'double precision',
    Decimal: 'numeric(65,30)',
    DateTime: 'timestamptz(3)',
    Json: 'jsonb',
    Bytes: 'bytea',
  }),
);

/** `@db.VarChar(255)` and the like. */
const NATIVE: Readonly<Record<string, string>> = plainRecord<string>(
  Object.entries({
    VarChar: 'varchar',
    Char: 'char',
    Text: 'text',
    Uuid: 'uuid',
    SmallInt: 'smallint',
    Integer: 'integer',
    BigInt: 'bigint',
    Real: 'real',
    DoublePrecision: 'double precision',
    Decimal: 'numeric',
    Money: 'money',
    Date: 'date',
    Time: 'time',
    Timetz: 'timetz',
    Timestamp: 'timestamp',
    Timestamptz: 'timestamptz',
    JsonB: 'jsonb',
    Json: 'json',
    Citext: 'text',
    Inet: 'inet',
    Bit: 'bit',
    VarBit: 'varbit',
    ByteA: 'bytea',
    Xml: 'text',
  }),
);

/** The blocks of a Prisma schema. Throws where its grammar is broken. */
export function readPrisma(text: string): GivenSchema {
  const schema = getSchema(blocksOf(text));
  const models = schema.list.filter((block) => block.type === 'model');
  const named = new Map(models.map((model) => [model.name, nameOf(model)]));
  const enums = readEnums(schema);
  const reading = { named, models, enums: new Set(enums.map(({ name }) => name)) };
  return { tables: models.map((model) => readModel(model, reading)), enums, links: readLinks(reading), leftOut: [] };
}

interface Reading {
  readonly models: readonly Model[];
  /** Tables by their models. */
  readonly named: ReadonlyMap<string, string>;
  readonly enums: ReadonlySet<string>;
}

/** The schema's blocks without the prose around them, which Prisma's grammar has no place for. */
function blocksOf(text: string): string {
  return [...text.matchAll(/^\s*(?:model|enum|type|view)\s+\w+\s*\{[\s\S]*?^\s*\}/gm)]
    .map(([block]) => block)
    .join('\n\n');
}

function readEnums(schema: Schema): GivenEnum[] {
  return schema.list
    .filter((block) => block.type === 'enum')
    .map(({ name, enumerators }) => ({
      name,
      values: enumerators.flatMap((one) => {
        if (one.type !== 'enumerator') return [];
        const mapped = one.attributes?.find(({ name: kind }) => kind === 'map');
        return [textOf(mapped?.args?.[0]?.value) ?? one.name];
      }),
    }));
}

function nameOf(model: Model): string {
  const mapped = blockAttributes(model).find(({ name }) => name === 'map');
  return textOf(firstArgument(mapped)) ?? tableName(model.name) ?? snakeCase(model.name);
}

function readModel(model: Model, reading: Reading): GivenTable {
  const fields = fieldsOf(model);
  const relations = fields.filter((field) => relationOf(field) !== undefined);
  const columns = fields.filter((field) => isColumn(field, reading)).map((field) => readField(field, reading));
  const blocks = blockAttributes(model);
  const sets = (name: string) => blocks.filter((one) => one.name === name).map((one) => columnSet(one, fields));
  const keys = relations.map((field) => foreignKey(field, model, reading)).filter((key) => key !== undefined);
  return {
    name: reading.named.get(model.name) ?? model.name,
    columns: columns.map((column) => withReference(column, keys)),
    primaryKey: sets('id')[0] ?? fields.filter((field) => has(field, 'id')).map(columnNameOf),
    uniques: sets('unique'),
    indexes: sets('index'),
    foreignKeys: keys.filter(({ columns: names }) => names.length > 1),
  };
}

function isColumn(field: Field, { named }: Reading): boolean {
  const type = typeName(field);
  return !named.has(type) && type !== 'Unsupported';
}

function readField(field: Field, { enums }: Reading): GivenColumn {
  const initial = firstArgument(attribute(field, 'default'));
  const type = typeName(field);
  const base = nativeType(field) ?? (enums.has(type) ? type : (TYPES[type] ?? 'text'));
  return {
    name: columnNameOf(field),
    type: field.array ? `${base}[]` : base,
    // Prisma's lists are never required.
    nullable: field.optional || field.array || false,
    unique: has(field, 'unique') || undefined,
    ...defaultOf(initial, enums.has(type)),
  };
}

/** `autoincrement()`, `now()`, `uuid()`, a constant; what only Prisma's client makes (`cuid()`) is left to whoever writes. */
function defaultOf(initial: Value | undefined, isEnum: boolean): Pick<GivenColumn, 'default' | 'isCounted'> {
  if (initial === undefined || initial === null) return {};
  if (typeof initial === 'object' && 'name' in initial) {
    if (initial.name === 'autoincrement') return { isCounted: true };
    if (initial.name === 'now') return { default: 'now()' };
    if (initial.name === 'uuid') return { default: 'gen_random_uuid()' };
    return {};
  }
  if (typeof initial === 'boolean' || typeof initial === 'number') return { default: sqlConstant(initial) };
  if (typeof initial !== 'string') return {};
  const text = unquoted(initial);
  if (isEnum || initial.startsWith('"')) return { default: sqlConstant(text) };
  return { default: text };
}

function foreignKey(field: Field, model: Model, reading: Reading): GivenForeignKey | undefined {
  const relation = relationOf(field);
  const target = reading.models.find(({ name }) => name === typeName(field));
  const [columns, referenced] = [listArgument(relation, 'fields'), listArgument(relation, 'references')];
  if (target === undefined || columns.length === 0) return undefined;
  return {
    columns: columns.map((name) => mappedName(name, model)),
    table: reading.named.get(target.name) ?? target.name,
    referenced: referenced.map((name) => mappedName(name, target)),
    onDelete: deleteRule(namedArgument(relation, 'onDelete')),
  };
}

function withReference(column: GivenColumn, keys: readonly GivenForeignKey[]): GivenColumn {
  const key = keys.find(({ columns }) => columns.length === 1 && columns[0] === column.name);
  if (key === undefined) return column;
  return { ...column, references: { table: key.table, column: key.referenced[0], onDelete: key.onDelete } };
}

/** Lists of each other without a key on either side are Prisma's implicit many-to-many. */
function readLinks({ models, named }: Reading): GivenSchema['links'] {
  const lists = models.flatMap((model) =>
    fieldsOf(model)
      .filter((field) => field.array && named.has(typeName(field)))
      .map((field) => ({ from: model.name, to: typeName(field), relation: relationName(field) })),
  );
  return lists
    .filter(({ from, to, relation }) => {
      const back = lists.some((other) => other.from === to && other.to === from && other.relation === relation);
      return back && from <= to && (from !== to || relation !== undefined);
    })
    .filter((list, at, all) => all.findIndex((other) => isSame(other, list)) === at)
    .map(({ from, to }) => ({ left: named.get(from) ?? from, right: named.get(to) ?? to }));
}

interface List {
  readonly from: string;
  readonly to: string;
  readonly relation: string | undefined;
}

function isSame(left: List, right: List): boolean {
  return left.from === right.from && left.to === right.to && left.relation === right.relation;
}

function relationName(field: Field): string | undefined {
  const relation = relationOf(field);
  return textOf(firstArgument(relation)) ?? unquotedOr(namedArgument(relation, 'name'));
}

function fieldsOf(model: Model): Field[] {
  return model.properties.filter((property) => property.type === 'field');
}

function blockAttributes(model: Model) {
  return model.properties.filter((property) => property.type === 'attribute');
}

function attribute(field: Field, name: string): Attribute | undefined {
  return field.attributes?.find((one) => one.name === name && one.group === undefined);
}

function has(field: Field, name: string): boolean {
  return attribute(field, name) !== undefined;
}

function relationOf(field: Field): Attribute | undefined {
  return attribute(field, 'relation');
}

function typeName({ fieldType }: Field): string {
  return typeof fieldType === 'string' ? fieldType : fieldType.name;
}

function nativeType(field: Field): string | undefined {
  const native = field.attributes?.find(({ group }) => group === 'db');
  const base = NATIVE[native?.name ?? ''];
  const sizes = native?.args?.map(({ value }) => Number(value)).filter(Number.isInteger) ?? [];
  return base !== undefined && sizes.length > 0 ? `${base}(${sizes.join(',')})` : base;
}

function columnNameOf(field: Field): string {
  return textOf(firstArgument(attribute(field, 'map'))) ?? field.name;
}

function mappedName(name: string, model: Model): string {
  const field = fieldsOf(model).find((one) => one.name === name);
  return field === undefined ? name : columnNameOf(field);
}

function columnSet(block: { readonly args: Attribute['args'] }, fields: readonly Field[]): string[] {
  const first = block.args?.[0]?.value;
  const list = listOf(first).length > 0 ? listOf(first) : listArgument(block, 'fields');
  return list.map((name) => {
    const field = fields.find((one) => one.name === name);
    return field === undefined ? name : columnNameOf(field);
  });
}

type WithArguments = { readonly args?: Attribute['args'] } | undefined;

function firstArgument(holder: WithArguments): Value | undefined {
  const value = holder?.args?.[0]?.value;
  return value !== null && typeof value === 'object' && 'type' in value && value.type === 'keyValue'
    ? undefined
    : value;
}

function argument(holder: WithArguments, key: string): Value | undefined {
  const found = holder?.args?.find(
    ({ value }) => value !== null && typeof value === 'object' && 'key' in value && value.key === key,
  )?.value;
  return found !== null && typeof found === 'object' && 'key' in found ? found.value : undefined;
}

function namedArgument(holder: WithArguments, key: string): string | undefined {
  const value = argument(holder, key);
  return typeof value === 'string' ? value : undefined;
}

function listArgument(holder: WithArguments, key: string): string[] {
  return listOf(argument(holder, key));
}

function listOf(value: unknown): string[] {
  const items =
    value !== null && typeof value === 'object' && 'args' in value && Array.isArray(value.args) ? value.args : [];
  return items.map((item: unknown) =>
    typeof item === 'object' && item !== null && 'name' in item ? String(item.name) : String(item),
  );
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? unquoted(value) : undefined;
}

function unquotedOr(text: string | undefined): string | undefined {
  return text === undefined ? undefined : unquoted(text);
}

function unquoted(text: string): string {
  return text.replace(/^"(.*)"$/s, '$1');
}
