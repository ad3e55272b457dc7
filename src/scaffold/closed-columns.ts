import type { AccessPlan } from '../domain/access.ts';
import type { Column, Table } from '../domain/database-schema.ts';
import { call, type ColumnCall } from './column-call.ts';

/** The column as the plan of access has it: what names an owner, a role or a login is not a client's to set. */
export function closedCall(open: ColumnCall, column: Column, table: Table, access: AccessPlan | undefined): ColumnCall {
  if (access === undefined || access.auth === 'none') return open;
  const { accounts } = access;
  if (accounts?.table === table.name && column.name === accounts.password) {
    return call('readOnly', call('writeOnly', call('text')));
  }
  return isClosed(column, table, access) && open.name !== 'readOnly' ? call('readOnly', open) : open;
}

function isClosed({ name }: Column, table: Table, { accounts, tables }: AccessPlan): boolean {
  const rules = tables.find((one) => one.table === table.name);
  const ofAccounts = accounts?.table === table.name ? [accounts.login, accounts.role] : [];
  return [rules?.owner, ...(rules?.closed ?? []), ...ofAccounts].includes(name);
}
