import { escapeIdentifier } from 'pg';
import { access } from '../access.ts';
import { Problem } from '../problem.ts';
import { tables } from '../tables.ts';
import type { Condition } from '../table/statements.ts';
import type { Table } from '../table/table.ts';
import { accessTo, ruleOf, type Action, type Grant, type Rule } from './access-table.ts';

// From the table in src/access.ts to conditions in SQL.

export interface Account {
  readonly id: string;
  /** Empty where there are no roles. */
  readonly role: string;
  /** The session or API key that the request came with. */
  readonly token: string;
  readonly kind: string;
  readonly scope: string;
}

/** `system` is the backend itself: no rule holds it. */
export type Who = Account | 'nobody' | 'system';

/** Every row. */
export const ALL: Condition = () => 'TRUE';

/** The rows with which `who` may do this. Throws a 401 or a 403 when there can be none. */
export function allowed(of: Table, action: Action, who: Who): Condition {
  if (action !== 'read' && typeof who !== 'string' && who.scope === 'read') throw new Problem(403, 'This API key may only read.');
  return conditionOf(of, accessTo(access, of.name)[action], action, who) ?? refuse(who);
}

/** What new values must be true of, by field: what they refer to is there for `who` to refer to. */
export function guards(of: Table, action: 'create' | 'change', who: Who, values: Readonly<Record<string, unknown>>): [string, Condition][] {
  if (who === 'system') return [];
  const { owner } = accessTo(access, of.name);
  return Object.entries(of.columns).flatMap(([field, { references }]) => {
    const value = values[field];
    const target = references && tableNamed(references.table);
    if (!references || !target || value === undefined || value === null || field === owner) return [];
    const condition = conditionOf(target, referGrants(of, field, action, who), 'read', who) ?? (() => 'FALSE');
    if (condition === ALL) return [];
    const check: Condition = (parameter) =>
      `EXISTS (SELECT 1 FROM ${quoted(target)} WHERE ${column(target, references.field)} = ${parameter(value)} AND ${condition(parameter)})`;
    return [[field, check] satisfies [string, Condition]];
  });
}

/** The fields that name who creates the row, with that account's key. */
export function ownerValues(of: Table, who: Who): Record<string, unknown> {
  const { owner } = accessTo(access, of.name);
  if (typeof who === 'string' || owner === undefined || owner.includes('.') || of.name === access.accounts.table) return {};
  return { [owner]: who.id };
}

/** Whoever may only write what is theirs may only put it into what is theirs; `as:` follows the row that is named. */
function referGrants(of: Table, field: string, action: 'create' | 'change', who: Who): readonly Grant[] {
  const { owner, [action]: grants } = accessTo(access, of.name);
  const { references } = of.columns[field] ?? {};
  const { refer, read, change } = accessTo(access, references?.table ?? '');
  if (grants.some((grant) => ruleOf(grant) === `as:${field}`)) return change;
  const ownsOnly = !grants.some((grant) => ruleOf(grant) !== 'owner' && conditionOf(of, [grant], action, who));
  return owner?.startsWith(`${field}.`) && ownsOnly ? ['owner'] : (refer ?? read);
}

/** Undefined: there can be no such row for them. */
function conditionOf(of: Table, grants: readonly Grant[], action: Action, who: Who): Condition | undefined {
  if (who === 'system') return ALL;
  const conditions = grants.flatMap((grant) => {
    const condition = ruleCondition(of, ruleOf(grant), action, who);
    if (!condition || typeof grant === 'string') return condition ?? [];
    return whereToo(of, condition, grant.where);
  });
  if (conditions.length === 0) return undefined;
  if (conditions.includes(ALL)) return ALL;
  return (parameter) => `(${conditions.map((condition) => condition(parameter)).join(' OR ')})`;
}

function whereToo(of: Table, condition: Condition, where: Readonly<Record<string, unknown>>): Condition {
  const values = Object.entries(where);
  return (parameter) =>
    `(${[condition(parameter), ...values.map(([field, value]) => `${column(of, field)} = ${parameter(value)}`)].join(' AND ')})`;
}

/** A rule that has nothing for them gives no condition, so that SQL is only made of what applies. */
function ruleCondition(of: Table, rule: Rule, action: Action, who: Account | 'nobody'): Condition | undefined {
  if (rule === 'anyone') return ALL;
  if (rule.startsWith('as:')) return asParent(of, rule.slice(3), action, who);
  if (who === 'nobody') return undefined;
  if (rule === 'signed-in') return ALL;
  if (rule === 'owner') return action === 'create' ? ALL : owned(of, accessTo(access, of.name).owner ?? '', who);
  return who.role !== '' && rule === `role:${who.role}` ? ALL : undefined;
}

function asParent(of: Table, field: string, action: Action, who: Account | 'nobody'): Condition | undefined {
  const { parent, inParent } = wayTo(of, field);
  const parentAction = action === 'read' ? 'read' : 'change';
  const condition = conditionOf(parent, accessTo(access, parent.name)[parentAction], parentAction, who);
  if (!condition || condition === ALL || action === 'create') return condition && ALL;
  return inParent(condition);
}

function owned(of: Table, way: string, who: Account): Condition {
  const [field = '', ...rest] = way.split('.');
  if (rest.length === 0) return (parameter) => `${column(of, field)} = ${parameter(who.id)}`;
  const { parent, inParent } = wayTo(of, field);
  return inParent(owned(parent, rest.join('.'), who));
}

/** The table that the field refers to, and the condition that its row there has to meet one. */
function wayTo(of: Table, field: string): { parent: Table; inParent: (condition: Condition) => Condition } {
  const { references } = of.columns[field] ?? {};
  const parent = references && tableNamed(references.table);
  if (!parent) throw new Error(`src/access.ts goes by ${of.name}.${field}, which refers to no table.`);
  const inParent = (condition: Condition): Condition => (parameter) =>
    `${column(of, field)} IN (SELECT ${column(parent, references.field)} FROM ${quoted(parent)} WHERE ${condition(parameter)})`;
  return { parent, inParent };
}

export function refuse(who: Who): never {
  if (who === 'nobody') throw new Problem(401, 'Sign in first: send the header «authorization: Bearer <token>».');
  throw new Problem(403, 'Your account may not do this.');
}

function tableNamed(name: string): Table | undefined {
  return tables.find(({ table }) => table.name === name)?.table;
}

function quoted(of: Table): string {
  return escapeIdentifier(of.name);
}

function column(of: Table, field: string): string {
  return `${quoted(of)}.${escapeIdentifier(of.columns[field]?.columnName ?? field)}`;
}
