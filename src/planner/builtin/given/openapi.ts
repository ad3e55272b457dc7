import { inferColumn } from '../infer-column.ts';
import { singularName, snakeCase, tableName } from '../names.ts';
import type { GivenSchema } from './given-schema.ts';
import { fromObjectTypes, type ObjectField, type ObjectType } from './object-types.ts';
import { branch, type Collection, collectionsOf, isTree, lastOf, type Tree } from './openapi-document.ts';

/** Words around a thing's name that say it is asked for, answered or listed: `NewPet`, `PetInput`, `PetListResponse`. */
const AROUND =
  /^(?:New|Create|Update|Patch|Base|Paginated|ListOf|Partial)(?=[A-Z])|(?:Input|Request|Response|Body|Payload|Create|Update|Patch|Dto|DTO|Base|List|Page|Result|Results|Out|In|Read|Write|Detail|Details|Collection)$/;

/** What says how something went, and is never kept. */
const NOT_KEPT =
  /(?:Error|Errors|Problem|ProblemDetails|Message|Status|Token|Credentials|Login|Pagination|Meta|Envelope|Query|Params)$/;

/** The tables behind an OpenAPI document: its stored schemas, with the keys that nested paths tell of. */
export function readOpenApi(document: Tree): GivenSchema {
  const schemas = { ...branch(document, 'definitions'), ...branch(document, 'components', 'schemas') };
  const collections = collectionsOf(document);
  const reading = { schemas, things: thingsOf(schemas) };
  const named = collections.map((collection) => ({ collection, thing: thingOf(collection, reading) }));
  const used = new Set(named.map(({ thing }) => thing));
  const told = [...reading.things.keys()].filter(
    (thing) => !used.has(thing) && (collections.length === 0 || isHeld(thing, reading)),
  );
  const types = [
    ...new Map(named.map((one) => [one.thing, typeOf(one.thing, one.collection, reading)])).values(),
    ...told.map((thing) => typeOf(thing, undefined, reading)),
  ];
  return fromObjectTypes(
    types.map((type) => withParents(type, named)),
    [],
  );
}

interface Reading {
  readonly schemas: Tree;
  /** The names of all schemas that are about one thing, by its name. */
  readonly things: ReadonlyMap<string, readonly string[]>;
}

interface Named {
  readonly collection: Collection;
  readonly thing: string;
}

function thingsOf(schemas: Tree): Map<string, string[]> {
  const names = Object.keys(schemas).filter((name) => !NOT_KEPT.test(name) && hasProperties(schemas[name], schemas));
  return Map.groupBy(names, baseName);
}

function baseName(name: string): string {
  const bare = name.replace(AROUND, '');
  return bare === name || bare === '' ? name : baseName(bare);
}

/** The thing of a collection: the schema named like it, else the first that its operations name. */
function thingOf({ name, schemas }: Collection, { things }: Reading): string {
  const word = singularName(snakeCase(name));
  const same = [...things.keys()].find((thing) => singularName(snakeCase(thing)) === word);
  return same ?? schemas.map(baseName).find((thing) => things.has(thing)) ?? name;
}

/** Some other thing has it as a part. */
function isHeld(thing: string, { schemas, things }: Reading): boolean {
  return [...things].some(
    ([other, names]) => other !== thing && names.some((name) => JSON.stringify(schemas[name]).includes(`/${thing}"`)),
  );
}

function typeOf(thing: string, collection: Collection | undefined, reading: Reading): ObjectType {
  const names = (reading.things.get(thing) ?? []).toSorted((a, b) => Number(b === thing) - Number(a === thing));
  const fields = new Map<string, ObjectField>();
  // What may be left out when it is made need not be there; the answer's own schema says what there is.
  for (const field of names.flatMap((name) => ownFields(name, thing, reading))) {
    fields.set(field.name, fields.get(field.name) ?? field);
  }
  const own = [...fields.values()];
  const table = collection === undefined ? tableName(thing) : tableName(collection.name);
  return { name: thing, table, fields: own.length > 0 ? own : [{ name: 'name', type: 'text', nullable: false }] };
}

/** The fields of a schema about the thing; none of one that wraps a list of them: `data: Pet[]`, `total`. */
function ownFields(name: string, thing: string, reading: Reading): ObjectField[] {
  const fields = fieldsOf(name, reading);
  const isEnvelope = name !== thing && fields.some(({ target, isList }) => target === thing && isList);
  return isEnvelope ? [] : fields;
}

function fieldsOf(name: string, reading: Reading): ObjectField[] {
  const schema = reading.schemas[name];
  const required = new Set(requiredOf(schema, reading.schemas));
  const isAnswer = !/^(?:Update|Patch)|(?:Update|Patch)$/.test(name);
  return Object.entries(propertiesOf(schema, reading.schemas)).map(([key, property]) =>
    readField(key, isTree(property) ? property : {}, isAnswer && required.has(key), reading),
  );
}

function readField(name: string, property: Tree, isRequired: boolean, reading: Reading): ObjectField {
  const isKey = name === 'id' || undefined;
  const nullable = !isKey && (!isRequired || property['nullable'] === true || typesOf(property).includes('null'));
  const target = targetOf(property, reading);
  if (target !== undefined) return { name, target, nullable };
  const items = property['items'];
  if (typesOf(property).includes('array') || isTree(items)) {
    const held = isTree(items) ? targetOf(items, reading) : undefined;
    if (held !== undefined) return { name, target: held, isList: true, nullable };
    return {
      name,
      type: isTree(items) ? scalarType(name, resolve(items, reading.schemas)) : 'jsonb',
      isList: true,
      nullable,
    };
  }
  const scalar = resolve(property, reading.schemas);
  const values = Array.isArray(scalar['enum'])
    ? scalar['enum'].filter((value) => typeof value === 'string')
    : undefined;
  const type = scalarType(name, scalar);
  const isCounted = (isKey && /^(?:integer|bigint)$/.test(type)) || undefined;
  return { name, type, values: values?.length ? values : undefined, nullable, isKey, isCounted };
}

/** The thing that a property holds: its reference, also in an `allOf` of one. */
function targetOf(property: Tree, { schemas, things }: Reading): string | undefined {
  const parts = ['allOf', 'anyOf', 'oneOf'].flatMap((key) => (Array.isArray(property[key]) ? property[key] : []));
  const references = [property, ...parts].flatMap((part) =>
    isTree(part) && typeof part['$ref'] === 'string' ? [part['$ref']] : [],
  );
  const name = lastOf(references[0] ?? '');
  return things.has(baseName(name)) && hasProperties(schemas[name], schemas) ? baseName(name) : undefined;
}

function scalarType(name: string, property: Tree): string {
  const types = typesOf(property);
  const format = property['format'];
  if (format === 'date-time') return 'timestamptz';
  if (format === 'date') return 'date';
  if (format === 'uuid') return 'uuid';
  if (types.includes('boolean')) return 'boolean';
  if (types.includes('integer')) return format === 'int64' ? 'bigint' : 'integer';
  if (types.includes('number')) return numberType(name);
  if (types.includes('object')) return 'jsonb';
  const inferred = inferColumn(snakeCase(name)).type;
  const length = property['maxLength'];
  if (typeof length === 'number' && length <= 10_000) return `varchar(${length})`;
  return name === 'id' ? 'varchar' : /^(?:varchar|text)/.test(inferred) ? inferred : 'text';
}

function numberType(name: string): string {
  const inferred = inferColumn(snakeCase(name)).type;
  return /^(?:numeric|double)/.test(inferred) ? inferred : 'double precision';
}

function typesOf({ type }: Tree): string[] {
  return (Array.isArray(type) ? type : [type]).filter((one) => typeof one === 'string');
}

function hasProperties(schema: unknown, schemas: Tree): boolean {
  return Object.keys(propertiesOf(schema, schemas)).length > 0;
}

function propertiesOf(schema: unknown, schemas: Tree, depth = 0): Tree {
  if (!isTree(schema) || depth > 5) return {};
  const parts = Array.isArray(schema['allOf'])
    ? schema['allOf'].map((part) => propertiesOf(isTree(part) ? resolve(part, schemas) : part, schemas, depth + 1))
    : [];
  return Object.assign({}, ...parts, branch(schema, 'properties'));
}

function requiredOf(schema: unknown, schemas: Tree, depth = 0): string[] {
  if (!isTree(schema) || depth > 5) return [];
  const parts = Array.isArray(schema['allOf'])
    ? schema['allOf'].flatMap((part) => requiredOf(isTree(part) ? resolve(part, schemas) : part, schemas, depth + 1))
    : [];
  return [...parts, ...(Array.isArray(schema['required']) ? schema['required'].map(String) : [])];
}

function resolve(property: Tree, schemas: Tree): Tree {
  const reference = property['$ref'];
  const found = typeof reference === 'string' ? schemas[lastOf(reference)] : undefined;
  return isTree(found) ? found : property;
}

/** `/posts/{postId}/comments`: a comment has a key to its post, unless it says so itself. */
function withParents(type: ObjectType, named: readonly Named[]): ObjectType {
  const parents = named
    .filter(({ thing }) => thing === type.name)
    .flatMap(({ collection }) => named.find((one) => one.collection.name === collection.parent)?.thing ?? []);
  const missing = [...new Set(parents)].filter(
    (parent) => parent !== type.name && !type.fields.some((field) => isKeyTo(field, parent)),
  );
  const keys = missing.map((parent): ObjectField => ({ name: snakeCase(parent), target: parent, nullable: false }));
  return { ...type, fields: [...type.fields, ...keys] };
}

function isKeyTo({ name, target, isList }: ObjectField, parent: string): boolean {
  return (
    !isList &&
    (target === parent || singularName(snakeCase(name).replace(/_id$/, '')) === singularName(snakeCase(parent)))
  );
}
