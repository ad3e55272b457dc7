import type { Table } from '../table/table.ts';

export type Action = 'read' | 'create' | 'change' | 'remove';

/** `as:post_id`: whoever may do the same with the row that post_id refers to; to write, whoever may change that. */
export type Rule = 'anyone' | 'signed-in' | 'owner' | `role:${string}` | `as:${string}`;

/** A rule, or a rule for the rows that have these values. */
export type Grant = Rule | { readonly who: Rule; readonly where: Readonly<Record<string, string | number | boolean>> };

/** Who may do what with the rows of a table. An empty list: nobody, and there is no such route. */
export interface TableAccess extends Readonly<Record<Action, readonly Grant[]>> {
  /** The column that holds the owner's key, or the way to it over references: `notebook_id.owner_id`. */
  readonly owner?: string;
  /** Whose rows may refer to one of these; whoever may read it, unless it says something else. */
  readonly refer?: readonly Grant[];
}

export interface Access {
  /** The table of accounts, and what its columns are for. */
  readonly accounts: {
    readonly table: string;
    readonly login: string;
    readonly password: string;
    /** Not there where nothing depends on a role. */
    readonly role?: string;
  };
  readonly tables: Readonly<Record<string, TableAccess>>;
}

/** A table that is not named is closed. */
export function accessTo({ tables }: Pick<Access, 'tables'>, table: string): TableAccess {
  return (Object.hasOwn(tables, table) && tables[table]) || CLOSED;
}

const CLOSED: TableAccess = { read: [], create: [], change: [], remove: [] };

export function ruleOf(grant: Grant): Rule {
  return typeof grant === 'string' ? grant : grant.who;
}

/** Whether there is such a route at all. */
export function isServed(access: Pick<Access, 'tables'>, table: string, action: Action): boolean {
  return accessTo(access, table)[action].length > 0;
}

/** Whether somebody who is not signed in may do it, with some rows at least. */
export function isOpen(access: Pick<Access, 'tables'>, all: readonly Table[], of: Table, action: Action): boolean {
  return accessTo(access, of.name)[action].some((grant) => {
    const rule = ruleOf(grant);
    if (!rule.startsWith('as:')) return rule === 'anyone';
    const parent = all.find(({ name }) => name === of.columns[rule.slice(3)]?.references?.table);
    return parent !== undefined && parent !== of && isOpen(access, all, parent, action === 'read' ? 'read' : 'change');
  });
}
