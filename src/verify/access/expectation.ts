import type { AccessAction, AccessGrant, AccessPlan, AccessRule, TableAccess } from '../../domain/access.ts';
import type { ForeignKey } from '../../domain/database-schema.ts';
import type { Resource, Row } from '../smoke/resource.ts';

/** Somebody who has signed in; undefined stands for nobody. */
export interface Actor {
  /** `one account`, `another account`, `an account with the role admin` */
  readonly name: string;
  readonly id: string;
  readonly role: string | undefined;
  readonly login: string;
  readonly password: string;
  readonly token: string;
}

/** A row that is there, as the backend answered it to whoever made it. */
export interface KnownRow {
  readonly resource: Resource;
  body: Row;
  readonly by: Actor;
}

/** What the plan's table says of actors and rows: worked out from it and from the rows, with none of the backend's code. */
export class Expectation {
  readonly rows: KnownRow[] = [];
  readonly #plan: AccessPlan;
  readonly #resources: ReadonlyMap<string, Resource>;

  constructor(plan: AccessPlan, resources: readonly Resource[]) {
    this.#plan = plan;
    this.#resources = new Map(resources.map((resource) => [resource.table.name, resource]));
  }

  rulesOf({ table }: Resource): TableAccess {
    const closed = { table: table.name, read: [], create: [], change: [], remove: [] };
    return this.#plan.tables.find((one) => one.table === table.name) ?? closed;
  }

  rowsOf(resource: Resource): KnownRow[] {
    return this.rows.filter((row) => row.resource === resource);
  }

  /** Whether there could be a row with which the actor may do it. */
  applies(actor: Actor | undefined, resource: Resource, action: AccessAction): boolean {
    return this.rulesOf(resource)[action].some((grant) => {
      const rule = ruleOf(grant);
      if (!rule.startsWith('as:')) return isMet(rule, actor, actor !== undefined);
      const parent = this.target(resource, rule.slice(3))?.resource;
      return parent !== undefined && this.applies(actor, parent, followed(action));
    });
  }

  may(
    actor: Actor | undefined,
    action: AccessAction,
    row: KnownRow,
    grants = this.rulesOf(row.resource)[action],
  ): boolean {
    return grants.some((grant) => {
      const rule = ruleOf(grant);
      if (!hasValues(grant, row.body)) return false;
      if (!rule.startsWith('as:')) return isMet(rule, actor, this.owns(actor, row));
      const parent = this.parentOf(row, rule.slice(3));
      return parent !== undefined && this.may(actor, followed(action), parent);
    });
  }

  owns(actor: Actor | undefined, row: KnownRow, way = this.rulesOf(row.resource).owner): boolean {
    const [column = '', ...rest] = (way ?? '').split('.');
    if (actor === undefined || column === '') return false;
    if (rest.length === 0) return String(row.body[column]) === actor.id;
    const parent = this.parentOf(row, column);
    return parent !== undefined && this.owns(actor, parent, rest.join('.'));
  }

  /** Whether a row of `resource` that the actor creates or changes may name `target` in the column. */
  mayRefer(actor: Actor, resource: Resource, action: 'create' | 'change', column: string, target: KnownRow): boolean {
    const rules = this.rulesOf(resource);
    const grants = rules[action];
    if (grants.some((grant) => ruleOf(grant) === `as:${column}`)) return this.may(actor, 'change', target);
    const others = grants.filter((grant) => ruleOf(grant) !== 'owner');
    const ownsOnly = !others.some((grant) => {
      const rule = ruleOf(grant);
      if (!rule.startsWith('as:')) return isMet(rule, actor, false);
      const parent = this.target(resource, rule.slice(3))?.resource;
      return parent !== undefined && this.applies(actor, parent, followed(action));
    });
    if (ownsOnly && rules.owner?.startsWith(`${column}.`)) return this.owns(actor, target);
    const { refer, read } = this.rulesOf(target.resource);
    return this.may(actor, 'read', target, refer ?? read);
  }

  /** The resource that the column refers to, and by which of its columns. */
  target(resource: Resource, column: string): { readonly resource: Resource; readonly column: string } | undefined {
    const key: ForeignKey | undefined = resource.table.foreignKeys.find(({ columns }) => columns.includes(column));
    const target = key && this.#resources.get(key.referencedTable);
    const referenced = key?.referencedColumns[key.columns.indexOf(column)];
    return target && referenced !== undefined ? { resource: target, column: referenced } : undefined;
  }

  parentOf(row: KnownRow, column: string): KnownRow | undefined {
    const target = this.target(row.resource, column);
    return this.rows.find(
      ({ resource, body }) => resource === target?.resource && body[target.column] === row.body[column],
    );
  }

  /** Forgets a row that is gone, and what goes with it. */
  forget(gone: KnownRow): void {
    const index = this.rows.indexOf(gone);
    if (index < 0) return;
    const children = this.rows.filter((row) =>
      row.resource.table.foreignKeys.some(({ columns }) => this.parentOf(row, columns[0] ?? '') === gone),
    );
    this.rows.splice(index, 1);
    for (const child of children) if (child !== gone) this.forget(child);
  }
}

export function ruleOf(grant: AccessGrant): AccessRule {
  return typeof grant === 'string' ? grant : grant.who;
}

function isMet(rule: AccessRule, actor: Actor | undefined, owns: boolean): boolean {
  if (rule === 'anyone') return true;
  if (actor === undefined) return false;
  return rule === 'signed-in' || (rule === 'owner' && owns) || rule === `role:${actor.role}`;
}

function hasValues(grant: AccessGrant, body: Row): boolean {
  return typeof grant === 'string' || Object.entries(grant.where).every(([column, value]) => body[column] === value);
}

/** What `as:` asks of the row that is referred to. */
function followed(action: AccessAction): AccessAction {
  return action === 'read' ? 'read' : 'change';
}
