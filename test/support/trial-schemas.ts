import * as fc from 'fast-check';
import { DatabaseError, type Client } from 'pg';

/** A small schema with names from a short list, so that two of them have much in common and much that differs. */
export interface TrialSchema {
  readonly moods: readonly string[];
  readonly tables: readonly TrialTable[];
}

interface TrialTable {
  readonly name: string;
  readonly id: 'varchar' | 'bigint' | 'counted';
  readonly columns: readonly TrialColumn[];
  /** Names of tables that come before it. */
  readonly parents: readonly { readonly table: string; readonly onDelete: string }[];
  readonly comment: string | undefined;
  readonly indexes: readonly (readonly [string, string])[];
}

interface TrialColumn {
  readonly name: string;
  readonly type: string;
  readonly nullable: boolean;
  readonly hasDefault: boolean;
  readonly unique: boolean;
  readonly check: boolean;
  readonly index: 'none' | 'plain' | 'partial' | 'unique';
  readonly comment: string | undefined;
}

const TYPES = [
  'text',
  'varchar(40)',
  'integer',
  'bigint',
  'numeric(12,2)',
  'boolean',
  'mood',
  'date',
  'jsonb',
  'text[]',
  'serial',
  'doubled',
];
const TABLES = ['users', 'posts', 'orders', 'tags', 'select', 'Mixed Case'];
const COLUMNS = ['title', 'body', 'amount', 'state', 'due_on', 'extra', 'order', 'aCount'];
const anyComment = fc.option(fc.constantFrom('it is', "what's \\ told"), { nil: undefined, freq: 6 });

const anyColumn: fc.Arbitrary<TrialColumn> = fc.record({
  name: fc.constantFrom(...COLUMNS),
  type: fc.constantFrom(...TYPES),
  nullable: fc.boolean(),
  hasDefault: fc.boolean(),
  unique: fc.integer({ min: 0, max: 7 }).map((n) => n === 0),
  check: fc.integer({ min: 0, max: 3 }).map((n) => n === 0),
  index: fc.constantFrom('none', 'none', 'plain', 'partial', 'unique'),
  comment: anyComment,
});

const anyTable = fc.record({
  name: fc.constantFrom(...TABLES),
  id: fc.constantFrom<TrialTable['id']>('varchar', 'varchar', 'bigint', 'counted'),
  columns: fc.uniqueArray(anyColumn, { minLength: 1, maxLength: 5, selector: ({ name }) => name }),
  parents: fc.uniqueArray(
    fc.record({ table: fc.constantFrom(...TABLES), onDelete: fc.constantFrom('CASCADE', 'SET NULL', 'NO ACTION') }),
    { maxLength: 2, selector: (parent) => parent.table },
  ),
  comment: anyComment,
  indexes: fc.array(fc.tuple(fc.constantFrom(...COLUMNS), fc.constantFrom(...COLUMNS)), { maxLength: 1 }),
});

const anySchema: fc.Arbitrary<TrialSchema> = fc
  .record({
    moods: fc.shuffledSubarray(['ok', 'sad', "don't know", 'new'], { minLength: 2 }),
    tables: fc.uniqueArray(anyTable, { minLength: 1, maxLength: 4, selector: ({ name }) => name }),
  })
  .map(({ moods, tables }) => ({ moods, tables: tables.map((each, index) => closed(each, tables.slice(0, index))) }));

/** Two schemas, the second of which shares some of its tables and columns with the first. */
export const schemaPair: fc.Arbitrary<readonly [TrialSchema, TrialSchema]> = fc
  .tuple(anySchema, anySchema, fc.array(fc.boolean(), { minLength: 24, maxLength: 24 }))
  .map(([from, to, coins]) => [from, mixed(from, to, coins)] as const);

/** Nothing in the table points at what is not there. */
function closed(each: TrialTable, earlier: readonly TrialTable[]): TrialTable {
  const names = new Set(each.columns.map(({ name }) => name));
  return {
    ...each,
    parents: each.parents.filter((parent) => earlier.some(({ name }) => name === parent.table)),
    indexes: each.indexes.filter(([one, other]) => one !== other && names.has(one) && names.has(other)),
  };
}

function mixed(from: TrialSchema, to: TrialSchema, coins: readonly boolean[]): TrialSchema {
  let turn = 0;
  const coin = (): boolean => coins[(turn += 1) % coins.length] ?? true;
  const tables: TrialTable[] = [];
  for (const each of to.tables) {
    const known = from.tables.find(({ name }) => name === each.name);
    const columns = known
      ? each.columns.map((column) =>
          coin() ? (known.columns.find(({ name }) => name === column.name) ?? column) : column,
        )
      : each.columns;
    tables.push(closed({ ...each, id: known && coin() ? known.id : each.id, columns }, tables));
  }
  for (const each of from.tables)
    if (!tables.some(({ name }) => name === each.name) && coin()) tables.push(closed(each, tables));
  return { moods: coin() ? from.moods : to.moods, tables };
}

export function schemaSqlOf({ moods, tables }: TrialSchema): string {
  return [
    ...(moods.length > 0 ? [`CREATE TYPE mood AS ENUM (${moods.map(text).join(', ')})`] : []),
    ...tables.flatMap((each) => tableSql(each, tables, moods)),
  ].join(';\n');
}

function tableSql(each: TrialTable, tables: readonly TrialTable[], moods: readonly string[]): readonly string[] {
  const t = quoted(each.name);
  const columns = each.columns.map((column) => columnSql(column, moods));
  const parents = each.parents.map(({ table: parent, onDelete }) => {
    const id = tables.find((other) => other.name === parent)?.id;
    return `${quoted(`${parent}_id`)} ${id === 'varchar' ? 'varchar' : 'bigint'} REFERENCES ${quoted(parent)} ON DELETE ${onDelete}`;
  });
  return [
    `CREATE TABLE ${t} (${[`id ${ID_TYPES[each.id]} PRIMARY KEY`, ...parents, ...columns].join(', ')})`,
    ...each.parents.map(({ table: parent }) => `CREATE INDEX ON ${t} (${quoted(`${parent}_id`)})`),
    ...each.columns.flatMap((column) => indexSql(t, column)),
    ...each.indexes.map(
      (pair) =>
        `CREATE INDEX ON ${t} (${pair
          .filter((one) => isPlain(each, one))
          .concat(['id'])
          .map(quoted)
          .join(', ')} DESC)`,
    ),
    ...(each.comment === undefined ? [] : [`COMMENT ON TABLE ${t} IS ${text(each.comment)}`]),
    ...each.columns.flatMap((column) =>
      column.comment === undefined ? [] : [`COMMENT ON COLUMN ${t}.${quoted(column.name)} IS ${text(column.comment)}`],
    ),
  ];
}

const ID_TYPES = { varchar: 'varchar', bigint: 'bigint', counted: 'bigint GENERATED BY DEFAULT AS IDENTITY' } as const;

function isPlain({ columns }: TrialTable, wanted: string): boolean {
  return columns.some((column) => column.name === wanted && column.type !== 'jsonb');
}

function columnSql(column: TrialColumn, moods: readonly string[]): string {
  const { type, nullable, hasDefault, unique, check } = column;
  const c = quoted(column.name);
  if (type === 'doubled') return `${c} integer GENERATED ALWAYS AS (length(id::text) * 2) STORED`;
  const canBeUnique = unique && type !== 'jsonb';
  return [
    c,
    type,
    !nullable && 'NOT NULL',
    hasDefault && type !== 'serial' && `DEFAULT ${defaultOf(type, moods)}`,
    canBeUnique && 'UNIQUE',
    check && checkOf(c, type, moods),
  ]
    .filter(Boolean)
    .join(' ');
}

function defaultOf(type: string, moods: readonly string[]): string {
  const values: Readonly<Record<string, string>> = {
    integer: '7',
    bigint: 'extract(epoch from now())::bigint',
    'numeric(12,2)': '0.5',
    boolean: 'false',
    mood: text(moods[0] ?? ''),
    date: 'CURRENT_DATE',
    jsonb: "'{}'",
    'text[]': "'{}'",
  };
  return values[type] ?? "'it''s'";
}

function checkOf(column: string, type: string, moods: readonly string[]): string {
  if (type === 'mood') return `CHECK (${column} <> ${text(moods[1] ?? '')})`;
  if (['integer', 'bigint', 'numeric(12,2)', 'serial'].includes(type)) return `CHECK (${column} >= 0)`;
  return type === 'text' || type === 'varchar(40)' ? `CHECK (${column} IN ('a', 'it''s', '7', 'x1', 'x2', 'x3'))` : '';
}

function indexSql(t: string, { name: given, type, index }: TrialColumn): readonly string[] {
  const c = quoted(given);
  if (index === 'none' || type === 'jsonb') return [];
  if (index === 'partial') return [`CREATE INDEX ON ${t} (${c}) WHERE ${c} IS NOT NULL`];
  return [`CREATE ${index === 'unique' ? 'UNIQUE ' : ''}INDEX ON ${t} (${c}${index === 'plain' ? ', id' : ''})`];
}

/** Three rows a table, each of the next one's parents among them. */
export async function insertRows(client: Client, { moods, tables }: TrialSchema): Promise<void> {
  for (const each of tables)
    for (const number of [1, 2, 3]) {
      const known = (table: string): string =>
        tables.find((other) => other.name === table)?.id === 'varchar' ? text(`k${number}`) : String(number);
      const values = new Map<string, string>([['id', each.id === 'varchar' ? text(`k${number}`) : String(number)]]);
      for (const parent of each.parents) values.set(`${parent.table}_id`, known(parent.table));
      for (const column of each.columns)
        if (!['serial', 'doubled'].includes(column.type)) values.set(column.name, valueOf(column, number, moods));
      await client
        .query(
          `INSERT INTO ${quoted(each.name)} (${[...values.keys()].map(quoted).join(', ')}) VALUES (${[...values.values()].join(', ')})`,
        )
        // A row that a key or a check of the schema does not take is left out, with its children.
        .catch((error: unknown) => {
          if (!(error instanceof DatabaseError) || error.code?.startsWith('235') !== true) throw error;
        });
    }
}

function valueOf({ type, nullable }: TrialColumn, number: number, moods: readonly string[]): string {
  if (nullable && number === 3) return 'NULL';
  const values: Readonly<Record<string, string>> = {
    integer: String(number),
    bigint: String(number * 10),
    'numeric(12,2)': `${number}.50`,
    boolean: number === 1 ? 'true' : 'false',
    mood: text(moods[0] ?? ''),
    date: `'2026-0${number}-01'`,
    jsonb: `'{"n": ${number}.0}'`,
    'text[]': `ARRAY['x', 'y${number}']`,
  };
  return values[type] ?? text(`x${number}`);
}

function quoted(given: string): string {
  return `"${given}"`;
}

function text(given: string): string {
  const literal = `'${given.replaceAll("'", "''")}'`;
  return given.includes('\\') ? `E${literal.replaceAll('\\', '\\\\')}` : literal;
}
