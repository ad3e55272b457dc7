import type { AccessAction, AccessGrant, AccessPlan } from '../../domain/access.ts';
import type { ProvisionedDatabase } from '../../domain/provisioned-database.ts';
import type { Redactor } from '../../domain/redactor.ts';
import { sampleRows } from '../../samples/sample-rows.ts';
import { describeApi } from '../../scaffold/scaffold.ts';
import type { AccessTrial } from '../access/access-trial.ts';
import { Expectation, type Actor } from '../access/expectation.ts';
import { rolesOf, signUp, type SigningUp } from '../access/sign-up.ts';
import { tryChanging, tryMassAssignment, tryReferring, tryRemoving } from '../access/try-changing.ts';
import { tryCreating } from '../access/try-creating.ts';
import { tryReading } from '../access/try-reading.ts';
import { tryGuessing, tryRemovingAccounts, tryTokens } from '../access/try-tokens.ts';
import type { ApiDocument } from '../api-document.ts';
import type { GateOutcome } from '../gate-runner.ts';
import { Prober } from '../prober.ts';
import { resourcesOf, type Resource, type Row } from '../smoke/resource.ts';
import type { StatusCounts } from './every-route-gate.ts';

/** Rows to make of each table, by several people and for requests that are refused. */
const SAMPLES = 400;

export interface AccessTarget {
  readonly url: string;
  readonly document: ApiDocument;
  /** The copy that the backend works on; its tables have to be empty. */
  readonly clone: ProvisionedDatabase;
  readonly plan: AccessPlan;
  readonly redactor: Redactor;
}

interface AccessOutcome extends GateOutcome {
  readonly statuses: StatusCounts;
}

/**
 * Tries every operation as nobody, as two accounts that own nothing of each other and as each role, and compares with
 * the plan's table: never with what the backend says of itself.
 */
export async function accessGate(target: AccessTarget, signal: AbortSignal): Promise<AccessOutcome> {
  const { url, document, clone, plan } = target;
  const prober = new Prober(url, document, signal, target.redactor);
  try {
    const { resources, missing } = resourcesOf(clone.schema, describeApi(clone.schema, plan), document);
    const counted = { comparisons: 0 };
    const trial = await openTrial(target, prober, resources, counted);
    if (trial) await tryEverything(trial);
    const faults = [
      ...missing.map((id) => `${id}: is in the plan's table, and not in the document`),
      ...unplanned(document, plan, clone),
    ];
    return { ...outcomeOf(prober, faults, counted.comparisons, plan), statuses: prober.statuses };
  } finally {
    prober.close();
  }
}

async function tryEverything(trial: AccessTrial): Promise<void> {
  await tryCreating(trial);
  await tryReading(trial);
  await tryChanging(trial);
  await tryReferring(trial);
  await tryMassAssignment(trial);
  await tryRemoving(trial);
  await tryTokens(trial);
  await tryGuessing(trial);
  await tryRemovingAccounts(trial);
}

async function openTrial(
  { clone, plan }: AccessTarget,
  prober: Prober,
  resources: readonly Resource[],
  counted: { comparisons: number },
): Promise<AccessTrial | undefined> {
  const { accounts } = plan;
  if (!accounts) return undefined;
  const samples = new Map(sampleRows(clone.schema, SAMPLES).map(({ table, rows }) => [table, [...rows]]));
  const signing: SigningUp = { prober, accounts, clone, samples: samples.get(accounts.table) ?? [] };
  const expectation = new Expectation(plan, resources);
  const people: Actor[] = [];
  for (const [index, role] of [...rolesOf(plan), undefined, undefined].entries()) {
    const name = role === undefined ? `account ${people.length + 1}` : `an account with the role ${role}`;
    const signed = await signUp(signing, index, name, role);
    const resource = resources.find(({ table }) => table.name === accounts.table);
    if (!signed) return undefined;
    people.push(signed.actor);
    if (resource) expectation.rows.push({ resource, body: signed.row, by: signed.actor });
  }
  return {
    plan,
    prober,
    expectation,
    resources,
    people,
    nextSample: ({ table }): Row | undefined => samples.get(table.name)?.shift(),
    compare: (answer, holds, expected) => {
      counted.comparisons += 1;
      if (!holds) prober.fault(answer, expected);
      return holds;
    },
  };
}

/** What the document offers and the table gives to nobody. */
function unplanned(document: ApiDocument, plan: AccessPlan, clone: ProvisionedDatabase): string[] {
  const all = describeApi(clone.schema);
  const planned = describeApi(clone.schema, plan);
  const idsOf = (apis: typeof all): string[] =>
    apis.flatMap(({ collectionPath, itemPath, operations, nested }) => [
      ...(operations.includes('list') ? [`GET ${collectionPath}`] : []),
      ...(operations.includes('create') ? [`POST ${collectionPath}`] : []),
      ...(operations.includes('read') ? [`GET ${itemPath}`] : []),
      ...(operations.includes('update') ? [`PATCH ${itemPath}`] : []),
      ...(operations.includes('delete') ? [`DELETE ${itemPath}`] : []),
      ...nested.map(({ path }) => `GET ${path}`),
    ]);
  const allowed = new Set(idsOf(planned));
  return idsOf(all)
    .filter((id) => !allowed.has(id) && document.operations.some((operation) => operation.id === id))
    .map((id) => `${id}: is served, and the plan's table gives it to nobody`);
}

function outcomeOf(prober: Prober, others: readonly string[], comparisons: number, plan: AccessPlan): GateOutcome {
  const lines = [...others, ...prober.faultLines()];
  const evidence = tableOf(plan);
  if (lines.length === 0) {
    const summary = `${comparisons} comparisons with the table of who may do what, as nobody, two accounts and ${rolesOf(plan).join(', ') || 'no role'}: no difference`;
    return { status: 'passed', summary, evidence };
  }
  const rest = lines.length === 1 ? '' : ` (and ${others.length + prober.faultCount - 1} more)`;
  return { status: 'failed', summary: `${lines[0]}${rest}`, evidence: [...lines, ...evidence] };
}

/** `posts: read anyone where status = published, owner · create signed-in · change owner · remove nobody` */
function tableOf({ tables }: AccessPlan): string[] {
  const actions: readonly AccessAction[] = ['read', 'create', 'change', 'remove'];
  return tables.map((rules) => {
    const cells = actions.map((action) => `${action} ${rules[action].map(grantText).join(', ') || 'nobody'}`);
    const owner = rules.owner === undefined ? '' : ` (owner: ${rules.owner})`;
    return `${rules.table}${owner}: ${cells.join(' · ')}`;
  });
}

function grantText(grant: AccessGrant): string {
  if (typeof grant === 'string') return grant;
  const where = Object.entries(grant.where).map(([column, value]) => `${column} = ${String(value)}`);
  return `${grant.who} where ${where.join(' and ')}`;
}
