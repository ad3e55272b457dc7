import type { DatabaseSchema, Table } from '../../../domain/database-schema.ts';
import { singularName, snakeCase } from '../names.ts';

/** The table that the words name, in the singular or the plural. */
export function findTable({ tables }: DatabaseSchema, text: string): Table | undefined {
  const wanted = singularName(snakeCase(bare(text)));
  if (wanted === '') return undefined;
  return tables.find(({ name }) => singularName(snakeCase(name)) === wanted);
}

export interface FoundColumn {
  readonly table: Table;
  readonly column: string;
  /** Where else a column of that name is, when no table was named; a sentence. */
  readonly others: readonly string[];
}

/** The column that the words name: `email`, `users.email`, `the email of users`, `the post's title`. */
export function findColumn(schema: DatabaseSchema, text: string, place: string): FoundColumn | undefined {
  const named = splitPlace(schema, bare(text), place);
  const tables = named.table ? [named.table] : place === '' ? schema.tables : [];
  const found = tables.flatMap((table) => {
    const column = columnOf(table, named.column);
    return column === undefined ? [] : [{ table, column }];
  });
  const [first, ...more] = found;
  if (!first) return undefined;
  const others = more.map(({ table, column }) => `${table.name}.${column}`);
  return {
    ...first,
    others:
      others.length === 0
        ? []
        : [`Taken as ${first.table.name}.${first.column}; there is ${others.join(', ')} as well`],
  };
}

function splitPlace(
  schema: DatabaseSchema,
  text: string,
  place: string,
): { readonly table: Table | undefined; readonly column: string } {
  if (place !== '') return { table: findTable(schema, place), column: text };
  for (const pattern of [/^(\w+)\.(\w+)$/, /^(.+?)(?:'s|s')\s+(.+)$/]) {
    const [, table, column] = pattern.exec(text) ?? [];
    if (table !== undefined && column !== undefined) return { table: findTable(schema, table), column };
  }
  const [, column, table] = /^(.+?)\s+(?:of|in|on)\s+(.+)$/.exec(text) ?? [];
  const found = table === undefined ? undefined : findTable(schema, table);
  if (found && column !== undefined) return { table: found, column };
  // `user email`: a table's name in front of its column's.
  const words = text.split(/\s+/);
  const front = words.length > 1 ? findTable(schema, words[0] ?? '') : undefined;
  const rest = words.slice(1).join(' ');
  return front && columnOf(front, rest) !== undefined
    ? { table: front, column: rest }
    : { table: undefined, column: text };
}

/** By its own name, or that of what it refers to: `author` is `author_id`. */
function columnOf(table: Table, text: string): string | undefined {
  const wanted = snakeCase(bare(text).replace(/\s+(?:column|field)$/i, ''));
  const names = table.columns.map(({ name }) => name);
  return [wanted, `${wanted}_id`, `is_${wanted}`, `${wanted}_at`]
    .map((name) => names.find((each) => snakeCase(each) === name))
    .find((name) => name !== undefined);
}

function bare(text: string): string {
  return text
    .trim()
    .replace(/^(?:the|a|an|all|each|every)\s+/i, '')
    .replace(/[«»"'`]+/g, (sign) => (sign === "'" ? sign : ''));
}

/** Who signs in, writes and likes. */
export function peopleTable({ tables }: DatabaseSchema): Table | undefined {
  return ['user', 'account', 'member', 'customer', 'person', 'author', 'profile']
    .map((noun) => tables.find(({ name }) => singularName(name) === noun))
    .find((table) => table !== undefined);
}
