import type {
  Check,
  Column,
  DatabaseSchema,
  EnumType,
  ForeignKey,
  Index,
  Table,
  UniqueKey,
} from '../domain/database-schema.ts';
import { quoteIdentifier } from './identifiers.ts';

/**
 * How what was found differs from what was expected, one sentence a difference; empty when nothing does. Expressions
 * are only asked to be there, as the catalog words them in its own way; the order of things says nothing, but for the
 * columns of a key.
 */
export function compareSchemas(expected: DatabaseSchema, found: DatabaseSchema): readonly string[] {
  return [
    ...compareNamed('enum', expected.enums, found.enums, compareEnums),
    ...compareNamed('table', expected.tables, found.tables, compareTables),
  ];
}

interface Named {
  readonly name: string;
}

/** What is missing on either side, and how those on both sides differ. */
function compareNamed<Thing extends Named>(
  what: string,
  expected: readonly Thing[],
  found: readonly Thing[],
  compare: (expected: Thing, found: Thing) => readonly string[],
): readonly string[] {
  const foundNames = new Map(found.map((thing) => [thing.name, thing]));
  const expectedNames = new Set(expected.map(({ name }) => name));
  return [
    ...expected.flatMap((thing) => {
      const other = foundNames.get(thing.name);
      return other ? compare(thing, other) : [`The ${what} ${thing.name} is missing`];
    }),
    ...found
      .filter(({ name }) => !expectedNames.has(name))
      .map(({ name }) => `The ${what} ${name} is not in the design`),
  ];
}

function compareEnums(expected: EnumType, found: EnumType): readonly string[] {
  return differs(`The values of the enum ${expected.name}`, expected.values.join(', '), found.values.join(', '));
}

function compareTables(expected: Table, found: Table): readonly string[] {
  const of = (what: string) => `${what} of ${expected.name}:`;
  return [
    ...compareNamed(of('column'), expected.columns, found.columns, (one, other) =>
      compareColumns(expected.name, one, other),
    ),
    ...differs(`The primary key of ${expected.name}`, list(expected.primaryKey), list(found.primaryKey)),
    ...compareNamed(of('foreign key'), expected.foreignKeys, found.foreignKeys, compareForeignKeys),
    ...compareNamed(of('unique key'), expected.uniques, found.uniques, compareUniques),
    ...compareNamed<Check>(of('check'), expected.checks, found.checks, () => []),
    ...compareNamed(of('index'), expected.indexes, found.indexes, compareIndexes),
    ...differs(`The comment on ${expected.name}`, expected.comment, found.comment),
  ];
}

function compareColumns(table: string, expected: Column, found: Column): readonly string[] {
  const place = `${table}.${expected.name}`;
  return [
    ...differs(`The type of ${place}`, expected.type, found.type),
    ...differs(`Whether ${place} may be NULL`, yesNo(expected.nullable), yesNo(found.nullable)),
    ...differs(`Whether ${place} has a default`, yesNo(expected.default), yesNo(found.default)),
    ...differs(`Whether ${place} is generated`, yesNo(expected.generated), yesNo(found.generated)),
    ...differs(`The identity of ${place}`, expected.identity, found.identity),
    ...differs(`The comment on ${place}`, expected.comment, found.comment),
  ];
}

function compareForeignKeys(expected: ForeignKey, found: ForeignKey): readonly string[] {
  return differs(`The foreign key ${expected.name}`, describeForeignKey(expected), describeForeignKey(found));
}

function describeForeignKey(key: ForeignKey): string {
  const target = `${key.referencedTable} (${list(key.referencedColumns)})`;
  return `(${list(key.columns)}) to ${target} on delete ${key.onDelete} on update ${key.onUpdate}`;
}

function compareUniques(expected: UniqueKey, found: UniqueKey): readonly string[] {
  return [
    ...differs(`The unique key ${expected.name}`, list(expected.columns), list(found.columns)),
    ...differs(
      `Whether NULLs of ${expected.name} are distinct`,
      yesNo(!expected.nullsNotDistinct),
      yesNo(!found.nullsNotDistinct),
    ),
  ];
}

function compareIndexes(expected: Index, found: Index): readonly string[] {
  return [
    ...differs(`The method of the index ${expected.name}`, expected.method, found.method),
    ...differs(`Whether the index ${expected.name} is unique`, yesNo(expected.unique), yesNo(found.unique)),
    ...differs(`Whether the index ${expected.name} is partial`, yesNo(expected.predicate), yesNo(found.predicate)),
    ...differs(`The keys of the index ${expected.name}`, describeKeys(expected), describeKeys(found)),
  ];
}

/** Column names as they are; an expression is worded differently by the catalog, so it only counts as one. */
function describeKeys(index: Index): string {
  return list(index.keys.map((key) => (isColumn(key) ? key.replaceAll('"', '') : 'an expression')));
}

function isColumn(key: string): boolean {
  return /^"[^"]+"$/.test(key) || quoteIdentifier(key) === key || /^[\p{L}\p{N}_$ -]+$/u.test(key);
}

function differs(what: string, expected: string | undefined, found: string | undefined): readonly string[] {
  return expected === found ? [] : [`${what} should be ${expected ?? 'nothing'}, and is ${found ?? 'nothing'}`];
}

function list(names: readonly string[]): string {
  return names.join(', ');
}

function yesNo(value: unknown): string {
  return value === undefined || value === false ? 'no' : 'yes';
}
