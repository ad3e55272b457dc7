import type { DatabaseSchema, Table } from '../../domain/database-schema.ts';
import type { SchemaDesign } from '../../domain/schema-design.ts';
import type { AccessWords } from './access-words.ts';

const BY_NAME = ['users', 'accounts', 'members', 'customers', 'people', 'user', 'account', 'app_users', 'profiles'];
const HASH = /password|passwd|pwd/i;

/** The table of those who sign in: whoever has a password, whom the prompt names, or what is called so. */
export function accountTable(
  schema: DatabaseSchema,
  { people }: AccessWords,
): { readonly name: string | undefined; readonly doubts: readonly string[] } {
  const usable = schema.tables.filter(({ primaryKey }) => primaryKey.length === 1);
  const named = people.length === 1 ? usable.filter(({ name }) => name === people[0]) : [];
  const withHash = usable.filter(({ columns }) => columns.some(({ name }) => HASH.test(name)));
  const severalPeople = people.filter((person) => person !== 'users' && usable.some(({ name }) => name === person));
  const byName = BY_NAME.flatMap((name) =>
    usable.filter((table) => table.name === name && !severalPeople.includes(name)),
  );
  const candidates = [...new Set([...named, ...withHash, ...byName])];
  const [first, second] = candidates;
  const doubts = first && second && !named.includes(first) ? [twoTables(first, second)] : [];
  return { name: first?.name, doubts };
}

function twoTables(first: Table, second: Table): string {
  return `Both ${first.name} and ${second.name} could be who signs in: ${first.name} is.`;
}

const NOW = '(extract(epoch from now())::bigint)';

/** A table `users` where the prompt asks for accounts and names none. */
export function inventUsers(design: SchemaDesign): SchemaDesign {
  const times = ['created_at', 'updated_at'];
  const table: Table = {
    name: 'users',
    columns: [
      { name: 'id', type: 'character varying', nullable: false },
      { name: 'email', type: 'character varying(254)', nullable: false },
      { name: 'name', type: 'character varying(255)', nullable: false },
      { name: 'password_hash', type: 'character varying', nullable: false },
      ...times.map((name) => ({ name, type: 'bigint', nullable: false, default: NOW })),
    ],
    primaryKey: ['id'],
    foreignKeys: [],
    uniques: [{ name: 'users_email_key', columns: ['email'], nullsNotDistinct: false }],
    checks: [],
    indexes: [],
  };
  const columns = table.columns.map(({ name, type, nullable, default: value }) =>
    [name, type, nullable ? '' : 'NOT NULL', value === undefined ? '' : `DEFAULT ${value}`].filter(Boolean).join(' '),
  );
  const sql = `CREATE TABLE users (\n  ${[...columns, 'CONSTRAINT users_pkey PRIMARY KEY (id)', 'CONSTRAINT users_email_key UNIQUE (email)'].join(',\n  ')}\n)`;
  return {
    ...design,
    schema: { ...design.schema, tables: [table, ...design.schema.tables] },
    statements: [...design.statements, { kind: 'table', table: 'users', sql }],
  };
}
