import { joinName, singularName, snakeCase } from '../names.ts';
import type { GivenColumn, GivenSchema, GivenTable } from './given-schema.ts';

/** A schema in which every table has a key, every key has a type and a target, and every link is a table. */
export interface CompleteSchema extends Omit<GivenSchema, 'links' | 'tables'> {
  readonly tables: readonly CompleteTable[];
}

interface CompleteTable extends GivenTable {
  readonly columns: readonly (GivenColumn & { readonly type: string })[];
}

/** Adds what a notation leaves to its tool: ids, the types of keys, and the tables between those that are linked. */
export function completeSchema(given: GivenSchema): CompleteSchema {
  const keyed = given.tables.map(withKey);
  const known = new Map(keyed.map((table) => [table.name, table]));
  const tables = [...keyed, ...given.links.flatMap((link) => linkTable(link, known))];
  const targets = new Map(tables.map((table) => [table.name, table]));
  return {
    tables: tables.map((table) => withTypes(table, targets)),
    enums: given.enums,
    leftOut: [...given.leftOut, ...missingTargets(tables, targets)],
  };
}

/** The house's own key, where the notation has none. */
function withKey(table: GivenTable): GivenTable {
  if (table.primaryKey.length > 0) return table;
  const id = table.columns.find(({ name }) => name === 'id');
  if (id)
    return { ...table, primaryKey: ['id'], columns: table.columns.map((one) => (one === id ? required(id) : one)) };
  return {
    ...table,
    primaryKey: ['id'],
    columns: [{ name: 'id', type: 'varchar', nullable: false }, ...table.columns],
  };
}

function required(column: GivenColumn): GivenColumn {
  return { ...column, nullable: false };
}

function linkTable(
  { left, right, name }: GivenSchema['links'][number],
  known: ReadonlyMap<string, GivenTable>,
): GivenTable[] {
  const [from, to] = [known.get(left), known.get(right)];
  if (!from || !to) return [];
  const columns = [keyTo(left), keyTo(right, left === right ? 'related' : undefined)];
  const names = columns.map((column) => column.name);
  const free = name ?? freeName(joinName(singularName(snakeCase(left)), snakeCase(right)), known);
  return [{ name: free, columns, primaryKey: names, uniques: [] }];
}

function freeName(name: string, known: ReadonlyMap<string, unknown>): string {
  return known.has(name) ? joinName(name, 'links') : name;
}

function keyTo(table: string, role?: string): GivenColumn {
  const name = `${role ?? singularName(snakeCase(table))}_id`;
  return { name, type: undefined, nullable: false, references: { table, onDelete: 'CASCADE' } };
}

function withTypes(table: GivenTable, targets: ReadonlyMap<string, GivenTable>): CompleteTable {
  const columns = table.columns.map((column) => {
    const { references, ...plain } = column;
    const isKnown = references !== undefined && targets.has(references.table);
    return { ...plain, type: column.type ?? keyType(column, targets), ...(isKnown && { references }) };
  });
  const foreignKeys = table.foreignKeys?.filter((key) => targets.has(key.table));
  return { ...table, columns, foreignKeys };
}

/** The type of what a key points at, followed through keys that are keys themselves. */
function keyType(column: GivenColumn, targets: ReadonlyMap<string, GivenTable>, depth = 0): string {
  const target = targets.get(column.references?.table ?? '');
  const name = column.references?.column ?? target?.primaryKey[0];
  const pointed = target?.columns.find((other) => other.name === name);
  if (pointed === undefined || depth > 8) return 'varchar';
  return pointed.type === undefined ? keyType(pointed, targets, depth + 1) : countedType(pointed.type);
}

/** What points at a serial is a plain number. */
function countedType(type: string): string {
  const plain: Readonly<Record<string, string>> = { serial: 'integer', bigserial: 'bigint', smallserial: 'smallint' };
  return plain[type] ?? type;
}

function missingTargets(tables: readonly GivenTable[], targets: ReadonlyMap<string, unknown>): string[] {
  return tables.flatMap((table) =>
    table.columns
      .filter(({ references }) => references !== undefined && !targets.has(references.table))
      .map(
        ({ name, references }) =>
          `${table.name}.${name} points at ${references?.table}, which is not among the pasted tables: it is a plain column.`,
      ),
  );
}
