import type { AccessGrant, AccessPlan } from '../../domain/access.ts';
import { renderTable } from './table.ts';
import type { Style } from './style.ts';

/** Who may do what, a row for each table; whose a row is stands in the last column. */
export function accessTable({ tables }: AccessPlan, style: Style, width?: number): string {
  const rows = tables.map(({ table, read, create, change, remove, owner }) => [
    table,
    ...[read, create, change, remove].map((grants) => grants.map(grantText).join(', ') || 'nobody'),
    owner ?? '',
  ]);
  return renderTable(['table', 'read', 'create', 'change', 'remove', 'owner'], rows, style, width);
}

function grantText(grant: AccessGrant): string {
  if (typeof grant === 'string') return grant;
  const values = Object.entries(grant.where).map(([column, value]) => `${column}=${String(value)}`);
  return `${grant.who} where ${values.join(' and ')}`;
}
