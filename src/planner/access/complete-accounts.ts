import type { Accounts } from '../../domain/access.ts';
import type { Column, DatabaseSchema, Table } from '../../domain/database-schema.ts';
import type { DdlStatement, SchemaDesign } from '../../domain/schema-design.ts';

const LOGINS = ['email', 'email_address', 'username', 'user_name', 'login', 'handle'];
const HASH = /(?:^|_)(?:password|passwd|pwd)(?:_?(?:hash|digest))?$|^(?:hashed|encrypted)_password$/i;
const ROLE_LENGTH = 32;

/** A design whose account table has what signing in takes, and which of its columns are for what. */
export interface WithAccounts {
  readonly design: SchemaDesign;
  readonly accounts: Accounts;
  readonly notes: readonly string[];
}

/**
 * What the account table lacks comes as statements of our own after the tables: a unique login, the hash, the role.
 * A hash is nullable, so that rows that are there go on; who has none sets one by a reset token.
 */
export function completeAccounts(design: SchemaDesign, table: Table): WithAccounts {
  const login = LOGINS.find((name) => table.columns.some((column) => column.name === name && isText(column)));
  const password = table.columns.find(({ name, type }) => HASH.test(name) && isText({ type }))?.name;
  const role = table.columns.find((column) => column.name === 'role' && takesRoles(column, table))?.name;
  const hasRole = table.columns.some(({ name }) => name === 'role');
  const accounts = {
    table: table.name,
    login: login ?? 'email',
    password: password ?? 'password_hash',
    role: role ?? (hasRole ? 'account_role' : 'role'),
  };
  const added = [
    ...(login === undefined ? [addColumn(table, 'email', 'character varying(254)', { nullable: false })] : []),
    ...(password === undefined ? [addColumn(table, 'password_hash', 'character varying', { nullable: true })] : []),
    ...(role === undefined
      ? [
          addColumn(table, accounts.role, `character varying(${ROLE_LENGTH})`, {
            nullable: false,
            default: "'member'::character varying",
          }),
        ]
      : []),
  ];
  const isUnique = table.uniques.some(({ columns }) => columns.length === 1 && columns[0] === login);
  const unique = isUnique ? [] : [uniqueLogin(table.name, accounts.login)];
  return {
    design: extend(design, table.name, added, unique),
    accounts,
    notes: login !== undefined && isUnique ? [] : [`${table.name}.${accounts.login} is unique: it is who signs in.`],
  };
}

function isText({ type }: Pick<Column, 'type'>): boolean {
  return /^(?:character varying|text|citext)/.test(type);
}

/** A column that can be left to its default, and that no check or enum keeps to other words. */
function takesRoles(column: Column, table: Table): boolean {
  const isChecked = table.checks.some(
    ({ expression }) => /\brole\b/.test(expression) && !expression.includes("'admin'"),
  );
  return isText(column) && !isChecked && (column.nullable || column.default !== undefined);
}

interface Added {
  readonly column: Column;
  readonly statement: DdlStatement;
}

function addColumn(
  table: Pick<Table, 'name'>,
  name: string,
  type: string,
  { nullable, default: value }: Pick<Column, 'nullable' | 'default'>,
): Added {
  const rest = [nullable ? '' : ' NOT NULL', value === undefined ? '' : ` DEFAULT ${value}`].join('');
  return {
    column: { name, type, nullable, ...(value !== undefined && { default: value }) },
    statement: {
      kind: 'constraint',
      table: table.name,
      sql: `ALTER TABLE ${quoted(table.name)} ADD COLUMN ${name} ${type}${rest}`,
    },
  };
}

function uniqueLogin(
  table: string,
  login: string,
): { readonly name: string; readonly login: string; readonly statement: DdlStatement } {
  const name = `${table}_${login}_key`.slice(-63);
  const sql = `ALTER TABLE ${quoted(table)} ADD CONSTRAINT ${quoted(name)} UNIQUE (${quoted(login)})`;
  return { name, login, statement: { kind: 'constraint', table, sql } };
}

function extend(
  design: SchemaDesign,
  name: string,
  added: readonly Added[],
  uniques: readonly ReturnType<typeof uniqueLogin>[],
): SchemaDesign {
  const tables = design.schema.tables.map((table) =>
    table.name === name
      ? {
          ...table,
          columns: [...table.columns, ...added.map(({ column }) => column)],
          uniques: [
            ...table.uniques,
            ...uniques.map((unique) => ({ name: unique.name, columns: [unique.login], nullsNotDistinct: false })),
          ],
        }
      : table,
  );
  return {
    ...design,
    schema: { ...design.schema, tables },
    statements: [...design.statements, ...[...added, ...uniques].map(({ statement }) => statement)],
  };
}

/** A key of the account in a table of people, and its index: whose profile the row is. */
export function addAccountKey(design: SchemaDesign, table: Table, accounts: Table): SchemaDesign {
  const type = accounts.columns.find(({ name }) => name === accounts.primaryKey[0])?.type ?? 'character varying';
  const column = 'user_id';
  const key = `${table.name}_${column}_fkey`;
  const index = `${table.name}_${column}_idx`;
  const target = `${quoted(accounts.name)} (${quoted(accounts.primaryKey[0] ?? 'id')})`;
  const statements: DdlStatement[] = [
    {
      kind: 'constraint',
      table: table.name,
      sql: `ALTER TABLE ${quoted(table.name)} ADD COLUMN ${column} ${type} NOT NULL CONSTRAINT ${quoted(key)} REFERENCES ${target} ON DELETE CASCADE`,
    },
    { kind: 'index', table: table.name, sql: `CREATE INDEX ${quoted(index)} ON ${quoted(table.name)} (${column})` },
  ];
  const extended: Table = {
    ...table,
    columns: [...table.columns, { name: column, type, nullable: false }],
    foreignKeys: [
      ...table.foreignKeys,
      {
        name: key,
        columns: [column],
        referencedTable: accounts.name,
        referencedColumns: [accounts.primaryKey[0] ?? 'id'],
        onDelete: 'cascade',
        onUpdate: 'no action',
      },
    ],
    indexes: [...table.indexes, { name: index, method: 'btree', unique: false, keys: [column] }],
  };
  const tables = design.schema.tables.map((one) => (one.name === table.name ? extended : one));
  return {
    ...design,
    schema: { ...design.schema, tables: accountsFirst(tables, accounts.name) },
    statements: [...design.statements, ...statements],
  };
}

/** Profiles need their account: the tables stay in an order in which they can be filled. */
function accountsFirst(tables: readonly Table[], accounts: string): readonly Table[] {
  return [...tables.filter(({ name }) => name === accounts), ...tables.filter(({ name }) => name !== accounts)];
}

export function schemaTable(schema: DatabaseSchema, name: string): Table | undefined {
  return schema.tables.find((table) => table.name === name);
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
