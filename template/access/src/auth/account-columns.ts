import { escapeIdentifier } from 'pg';
import { access } from '../access.ts';
import { tables } from '../tables.ts';

/** The table of accounts, as src/access.ts names it. */
export const accounts = tables.find(({ table }) => table.name === access.accounts.table)?.table ?? unknownTable();

/** Its name and columns, ready to stand in SQL. */
export const accountColumns = {
  table: escapeIdentifier(accounts.name),
  key: quoted(accounts.key[0] ?? ''),
  login: quoted(access.accounts.login),
  password: quoted(access.accounts.password),
  role: access.accounts.role === undefined ? undefined : quoted(access.accounts.role),
};

function quoted(field: string): string {
  return escapeIdentifier(accounts.columns[field]?.columnName ?? field);
}

function unknownTable(): never {
  throw new Error(`src/access.ts names the accounts ${access.accounts.table}, which is no table.`);
}
