import type { AccessAction, AccessPlan } from '../../domain/access.ts';
import type { ProvisionedDatabase } from '../../domain/provisioned-database.ts';
import type { Redactor } from '../../domain/redactor.ts';
import { sampleRows } from '../../samples/sample-rows.ts';
import type { ApiDocument } from '../api-document.ts';
import { Prober } from '../prober.ts';
import { bodyProperties, type Resource, type Row, type StoredRow } from '../smoke/resource.ts';
import { ruleOf } from './expectation.ts';
import { bearer, rolesOf, signUp } from './sign-up.ts';

/** The account as which gates try what is not about who may do what. */
export interface Tester {
  readonly headers: Readonly<Record<string, string>>;
  /** What the account may surely do with rows that it makes; what it may not is for the gate `access` to see refused. */
  limit(resources: readonly Resource[]): readonly Resource[];
}

/** Of a backend that nobody signs in to: nobody. */
export const NOBODY: Tester = { headers: {}, limit: (resources) => resources };

export interface TesterTarget {
  readonly url: string;
  readonly document: ApiDocument;
  readonly clone: ProvisionedDatabase;
  readonly plan: AccessPlan;
  readonly redactor: Redactor;
}

/** Signs up an account, with the role that may do most. Nobody, when that cannot be done: the gate `access` says why. */
export async function signUpTester(target: TesterTarget, signal: AbortSignal): Promise<Tester> {
  const { url, document, clone, plan, redactor } = target;
  const { accounts } = plan;
  if (!accounts) return NOBODY;
  const prober = new Prober(url, document, signal, redactor);
  try {
    const samples = sampleRows(clone.schema, 6).find(({ table }) => table === accounts.table)?.rows ?? [];
    const role = rolesOf(plan).toSorted((a, b) => grantsTo(plan, b) - grantsTo(plan, a))[0];
    const signed = await signUp({ prober, accounts, clone, samples }, 0, 'the account of the gates', role);
    if (!signed) return NOBODY;
    return {
      headers: bearer(signed.actor),
      limit: (resources) => limited(resources, plan, role, { row: signed.row, samples, document }),
    };
  } finally {
    prober.close();
  }
}

function grantsTo({ tables }: AccessPlan, role: string): number {
  return tables
    .flatMap(({ read, create, change, remove }) => [read, create, change, remove].flat())
    .filter((grant) => ruleOf(grant) === `role:${role}`).length;
}

interface OwnAccount {
  readonly row: Row;
  readonly samples: readonly Row[];
  readonly document: ApiDocument;
}

function limited(
  resources: readonly Resource[],
  plan: AccessPlan,
  role: string | undefined,
  own: OwnAccount,
): Resource[] {
  const isSure = (resource: Resource, action: AccessAction): boolean =>
    isSurelyAllowed(resources, plan, role, resource, action);
  return resources.flatMap((resource) => {
    const isAccounts = resource.table.name === plan.accounts?.table;
    const reads = isSure(resource, 'read');
    const mayDo = {
      ...resource,
      list: reads ? resource.list : undefined,
      read: reads ? resource.read : undefined,
      create: isSure(resource, 'create') && reads ? resource.create : undefined,
      update: isSure(resource, 'change') && reads ? resource.update : undefined,
      // Whoever removes their own account has ended the session.
      remove: isSure(resource, 'remove') && reads && !isAccounts ? resource.remove : undefined,
      nested: resource.nested.filter(({ table }) => {
        const child = resources.find((one) => one.table.name === table);
        return reads && child !== undefined && table !== plan.accounts?.table && isSure(child, 'read');
      }),
    };
    if (!isAccounts) return [mayDo];
    const taken = resource.update ? Object.keys(bodyProperties(resource.update, own.document)) : [];
    const sent = Object.fromEntries(Object.entries(own.row).filter(([name]) => taken.includes(name)));
    const stored = (sample: Row): StoredRow => ({ sample, sent, body: own.row });
    mayDo.stored.push(stored(own.samples[0] ?? {}));
    // Whichever account a sample refers to, it is this one.
    return [
      { ...WITHOUT_OPERATIONS, table: resource.table, api: resource.api, stored: own.samples.map(stored) },
      mayDo,
    ];
  });
}

const WITHOUT_OPERATIONS = {
  list: undefined,
  create: undefined,
  read: undefined,
  update: undefined,
  remove: undefined,
  nested: [],
};

function isSurelyAllowed(
  resources: readonly Resource[],
  plan: AccessPlan,
  role: string | undefined,
  resource: Resource,
  action: AccessAction,
): boolean {
  const rules = plan.tables.find(({ table }) => table === resource.table.name);
  return (rules?.[action] ?? []).some((grant) => {
    if (typeof grant !== 'string') return false;
    if (!grant.startsWith('as:')) return ['anyone', 'signed-in', 'owner', `role:${role}`].includes(grant);
    const key = resource.table.foreignKeys.find(({ columns }) => columns.includes(grant.slice('as:'.length)));
    const parent = resources.find(({ table }) => table.name === key?.referencedTable);
    if (!parent || parent === resource) return false;
    return isSurelyAllowed(resources, plan, role, parent, action === 'read' ? 'read' : 'change');
  });
}
