import type { AccessAction, AccessRule, Accounts, TableAccess } from '../../domain/access.ts';
import type { DatabaseSchema, Table } from '../../domain/database-schema.ts';
import { TurboError } from '../../domain/errors.ts';
import { nearestName } from '../../domain/nearest-name.ts';
import { endOfWay, singleKeys } from './owner-way.ts';

const ACTIONS: readonly AccessAction[] = ['read', 'create', 'change', 'remove'];

/**
 * The rules with those that were said in their place: `posts=read:anyone,change:owner|role:editor,owner:author_id`.
 * `nobody` closes an action. Rejects with `USAGE`, naming what is not there.
 */
export function overrideAccess(
  tables: readonly TableAccess[],
  said: readonly string[],
  schema: DatabaseSchema,
  accounts: Accounts,
): readonly TableAccess[] {
  return said.reduce((all, text) => {
    const { table, rules } = readRule(text, schema);
    return all.map((before) =>
      before.table === table.name ? changedBy(before, rules, table, schema, accounts) : before,
    );
  }, tables);
}

interface SaidRule {
  readonly action: AccessAction | 'owner' | 'refer';
  readonly value: string;
}

function readRule(
  text: string,
  schema: DatabaseSchema,
): { readonly table: Table; readonly rules: readonly SaidRule[] } {
  const [, name = '', list = ''] = /^([^=]+)=(.+)$/.exec(text.trim()) ?? [];
  if (name === '') throw refused(`«${text}» is no rule`, 'Write --access table=read:anyone,change:owner.');
  const table = schema.tables.find((one) => one.name === name);
  if (!table) {
    const names = schema.tables.map((one) => one.name);
    const near = nearestName(name, names);
    throw refused(
      `--access names the table ${name}, which is not there`,
      near === undefined ? `There are ${names.join(', ')}.` : `Did you mean ${near}?`,
    );
  }
  return { table, rules: list.split(',').map((part) => readPart(part.trim(), text)) };
}

function readPart(part: string, text: string): SaidRule {
  const [, action = '', value = ''] = /^([a-z]+):(.+)$/.exec(part) ?? [];
  if (action === 'owner' || action === 'refer' || ACTIONS.some((one) => one === action)) {
    return { action: action as SaidRule['action'], value };
  }
  throw refused(
    `«${part}» in «${text}» says of no action who may do it`,
    `Name one of ${ACTIONS.join(', ')}, refer or owner: read:anyone.`,
  );
}

function changedBy(
  before: TableAccess,
  rules: readonly SaidRule[],
  table: Table,
  schema: DatabaseSchema,
  accounts: Accounts,
): TableAccess {
  const owner = rules.find(({ action }) => action === 'owner')?.value ?? before.owner;
  if (owner !== before.owner && endOfWay(schema, table, owner ?? '') !== accounts.table) {
    throw refused(
      `${table.name}.${owner} does not lead to ${accounts.table} over foreign keys`,
      before.owner === undefined ? 'No column of it does; leave the owner out.' : `${before.owner} does.`,
    );
  }
  return rules.reduce<TableAccess>(
    (changed, { action, value }) =>
      action === 'owner'
        ? changed
        : { ...changed, [action]: value.split('|').flatMap((rule) => checkedRule(rule, table, owner)) },
    { ...before, owner },
  );
}

function checkedRule(rule: string, table: Table, owner: string | undefined): AccessRule[] {
  if (rule === 'nobody') return [];
  if (rule === 'owner' && owner === undefined) {
    throw refused(
      `${table.name} has no owner: no foreign key of it leads to an account`,
      'Say signed-in or role:admin.',
    );
  }
  if (rule === 'anyone' || rule === 'signed-in' || rule === 'owner') return [rule];
  if (/^role:[a-z][a-z0-9_-]*$/.test(rule)) return [rule as AccessRule];
  const column = /^as:(.+)$/.exec(rule)?.[1];
  if (column !== undefined && singleKeys(table).some((key) => key.column === column && key.target !== table.name))
    return [rule as AccessRule];
  const keys = singleKeys(table).map((key) => `as:${key.column}`);
  throw refused(
    `«${rule}» names nobody who may do something with ${table.name}`,
    `Say one of ${['anyone', 'signed-in', 'owner', 'role:<name>', ...keys, 'nobody'].join(', ')}; several with | between them.`,
  );
}

function refused(message: string, fix: string): TurboError {
  return new TurboError('USAGE', message, { fix });
}
