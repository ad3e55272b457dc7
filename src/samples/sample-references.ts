import type { ForeignKey, Table } from '../domain/database-schema.ts';
import type { Row } from './check-evaluation.ts';

interface Referring {
  readonly table: Table;
  /** The rows of the tables before it. */
  readonly done: ReadonlyMap<string, readonly Row[]>;
}

/** Which of the many possible references is wanted. */
interface Choice {
  readonly index: number;
  readonly attempt: number;
  /** The foreign key's position among the table's. */
  readonly position: number;
}

/**
 * Values for the columns of a foreign key that point at a row which is there, or nulls where that is allowed; undefined
 * when there is nothing to refer to. A row that can refer to itself alone gets a mark for `referenceToItself`.
 */
export function referTo(
  { table, done }: Referring,
  foreignKey: ForeignKey,
  soFar: Row,
  rows: readonly Row[],
  choice: Choice,
): Row | undefined {
  const isSelf = foreignKey.referencedTable === table.name;
  const parents = (isSelf ? rows : (done.get(foreignKey.referencedTable) ?? [])).filter((parent) =>
    foreignKey.columns.every((name, at) => {
      const value = parent[foreignKey.referencedColumns[at] ?? ''];
      return value !== null && value !== undefined && (!Object.hasOwn(soFar, name) || soFar[name] === value);
    }),
  );
  const isOptional = foreignKey.columns.some((name) => isNullable(table, name) && !Object.hasOwn(soFar, name));
  if (isOptional && (parents.length === 0 || leavesOut(choice, isSelf)))
    return withoutReference(foreignKey, table, soFar);
  const parent = parents[pick(choice, parents.length)];
  if (!parent) return isSelf ? Object.fromEntries(foreignKey.columns.map((name) => [name, OWN_KEY])) : undefined;
  return Object.fromEntries(
    foreignKey.columns.map((name, at) => [name, parent[foreignKey.referencedColumns[at] ?? '']]),
  );
}

function leavesOut({ attempt, position }: Choice, isSelf: boolean): boolean {
  return attempt >= 8 && ((attempt >> 3) + position + (isSelf ? 1 : 0)) % 2 === 1;
}

function withoutReference(foreignKey: ForeignKey, table: Table, soFar: Row): Row {
  const optional = foreignKey.columns.filter((name) => isNullable(table, name) && !Object.hasOwn(soFar, name));
  return Object.fromEntries(optional.map((name) => [name, null]));
}

/** The first attempt pairs rows one to one; further ones walk through all combinations. */
function pick({ index, attempt, position }: Choice, count: number): number {
  if (count === 0) return 0;
  const pace = position === 0 ? count : count ** (position - 1);
  return (index + Math.floor(attempt / pace)) % count;
}

function isNullable(table: Table, name: string): boolean {
  return table.columns.some((column) => column.name === name && column.nullable);
}

/** The first row of a table whose rows must all refer to one of them. */
export function referenceToItself(table: Table, row: Row): Row {
  const missing = table.foreignKeys.filter(
    (key) => key.referencedTable === table.name && key.columns.some((name) => row[name] === OWN_KEY),
  );
  return Object.fromEntries(
    missing.flatMap((key) => key.columns.map((name, at) => [name, row[key.referencedColumns[at] ?? '']])),
  );
}

const OWN_KEY = Symbol('own key');
