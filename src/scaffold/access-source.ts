import type { AccessGrant, AccessPlan, TableAccess } from '../domain/access.ts';
import { fieldName } from '../domain/field-name.ts';
import type { Access, Grant, TableAccess as DeclaredAccess } from './backend/auth/access-table.ts';
import { prettyLiteral } from './pretty-literal.ts';

/** `src/access.ts`: the plan's table as the backend's owner reads and changes it. */
export function accessSource(access: AccessPlan): string {
  return `import type { Access } from './auth/access-table.ts';

/** Who may do what. The SQL of every route, the routes that there are and their documentation are made from it. */
export const access: Access = ${prettyLiteral(accessTable(access))};
`;
}

/** The plan in the backend's own words: its columns by the names of the API's fields. */
export function accessTable({ accounts, tables }: AccessPlan): Access {
  return {
    accounts: {
      table: accounts?.table ?? '',
      login: fieldName(accounts?.login ?? ''),
      password: fieldName(accounts?.password ?? ''),
      ...(accounts?.role === undefined ? {} : { role: fieldName(accounts.role) }),
    },
    tables: Object.fromEntries(tables.map((table) => [table.table, declared(table)])),
  };
}

function declared({ owner, read, create, change, remove, refer }: TableAccess): DeclaredAccess {
  return {
    ...(owner === undefined ? {} : { owner: owner.split('.').map(fieldName).join('.') }),
    read: read.map(grantSource),
    create: create.map(grantSource),
    change: change.map(grantSource),
    remove: remove.map(grantSource),
    ...(refer === undefined ? {} : { refer: refer.map(grantSource) }),
  };
}

function grantSource(grant: AccessGrant): Grant {
  if (typeof grant === 'string') return grant;
  const where = Object.entries(grant.where).map(([column, value]) => [fieldName(column), value] as const);
  return { who: grant.who, where: Object.fromEntries(where) };
}
