import type { AccessPlan } from '../../domain/access.ts';
import type { DatabaseSchema } from '../../domain/database-schema.ts';
import type { ProvisionedDatabase } from '../../domain/provisioned-database.ts';
import type { Redactor } from '../../domain/redactor.ts';
import { sampleRows } from '../../samples/sample-rows.ts';
import { describeApi } from '../../scaffold/scaffold.ts';
import { NOBODY, type Tester } from '../access/tester.ts';
import type { ApiDocument, Operation } from '../api-document.ts';
import type { GateOutcome } from '../gate-runner.ts';
import type { StatusCounts } from './every-route-gate.ts';
import { Prober } from '../prober.ts';
import { probeOutcome } from '../probe-outcome.ts';
import { sampleRefusal } from '../sample-refusal.ts';
import { createRows } from '../smoke/create-rows.ts';
import { deleteFreeRow, deleteRows } from '../smoke/delete-rows.ts';
import { listChildren, listRows } from '../smoke/list-rows.ts';
import { callOthers } from '../smoke/other-operations.ts';
import { refuseInput } from '../smoke/refuse-input.ts';
import { resourcesOf, type Resource, type Row } from '../smoke/resource.ts';
import { roundTripTexts } from '../smoke/round-trip.ts';
import { updateRows } from '../smoke/update-rows.ts';

/** Rows that are made of each table: enough for three pages of two. One more sample stays over for refused requests. */
const ROWS = 5;

/** As whom a backend with accounts is tried. */
export interface AsAccount {
  readonly access?: AccessPlan | undefined;
  readonly tester?: Tester;
}

interface SmokeOutcome extends GateOutcome {
  readonly statuses: StatusCounts;
  /** Operations that need a row which Postgres took in no form that could be thought of: why, by id. */
  readonly untried: ReadonlyMap<string, string>;
}

/**
 * Exercises every operation that the document has, with good input and with bad. The tables behind it have to be empty
 * and are so afterwards, but for rows that no operation deletes.
 */
export async function httpSmokeGate(
  url: string,
  document: ApiDocument,
  clone: ProvisionedDatabase | undefined,
  redactor: Redactor,
  signal: AbortSignal,
  { access, tester = NOBODY }: AsAccount = {},
): Promise<SmokeOutcome> {
  const prober = new Prober(url, document, signal, redactor, tester.headers);
  try {
    const schema = clone?.schema;
    const { resources: all, missing } = schema
      ? resourcesOf(schema, describeApi(schema, access), document)
      : { resources: [], missing: [] };
    const resources = tester.limit(all);
    const { notes, untried } = clone ? await smokeTables(prober, clone, resources) : NOTHING_TO_SMOKE;
    await callOthers(prober, operationsOutside(document, resources), clone !== undefined);
    const uncalled = document.operations.filter((one) => prober.statusesOf(one).size === 0).map(({ id }) => id);
    const outcome = probeOutcome(
      prober,
      [
        ...missing
          .filter((id) => !isLeftOut(id, document))
          .map((id) => `${id}: expected to be in the document; it is not, and no rule says why`),
        ...uncalled.map((id) => `${id}: no request could be made for it`),
      ],
      [...coverage(prober), ...notes],
    );
    return { ...outcome, statuses: prober.statuses, untried };
  } finally {
    prober.close();
  }
}

interface Smoked {
  /** What is worth telling besides faults. */
  readonly notes: readonly string[];
  readonly untried: ReadonlyMap<string, string>;
}

const NOTHING_TO_SMOKE: Smoked = { notes: [], untried: new Map() };

async function smokeTables(
  prober: Prober,
  clone: ProvisionedDatabase,
  resources: readonly Resource[],
): Promise<Smoked> {
  const samples = samplesByTable(clone.schema);
  const samplesOf = (resource: Resource) => samples.get(resource.table.name) ?? [];
  const notes: string[] = [];
  const untried = new Map<string, string>();
  for (const resource of resources) {
    const rows = samplesOf(resource).slice(0, ROWS);
    const unfit = await createRows(prober, resource, resources, rows, (table, row) => sampleRefusal(clone, table, row));
    if (resource.stored.length > 0 || !resource.create) continue;
    notes.push(noteUntried(resource, unfit));
    if (rows.length > 0 && unfit.length === 0) continue;
    for (const { id } of needingRows(resource)) untried.set(id, reasonOf(unfit));
  }
  let roundTrips = 0;
  for (const resource of resources) {
    await listRows(prober, resource);
    await listChildren(prober, resource, resources);
    await updateRows(prober, resource);
    await refuseInput(prober, resource, resources, samplesOf(resource)[ROWS]);
    roundTrips += await roundTripTexts(prober, resource);
  }
  for (const resource of resources) await deleteFreeRow(prober, resource, resources, samplesOf(resource)[ROWS]);
  await deleteRows(prober, resources);
  return {
    notes: [...notes, `${roundTrips} texts that mean something to SQL or HTML came back unchanged`],
    untried,
  };
}

function noteUntried({ table }: Resource, unfit: readonly string[]): string {
  return `${table.name}: no sample row could be made (${reasonOf(unfit)}); its operations were only tried with input to refuse`;
}

function reasonOf(unfit: readonly string[]): string {
  return unfit[0] ?? 'its rules leave none that could be thought of';
}

/** Of a table of which Postgres itself took no sample: what cannot be seen to succeed without a row. */
function needingRows({ create, read, update, remove, nested }: Resource): Operation[] {
  const operations = [create, read, update, remove, ...nested.map(({ operation }) => operation)];
  return operations.filter((one) => one !== undefined);
}

function samplesByTable(schema: DatabaseSchema): Map<string, readonly Row[]> {
  return new Map(sampleRows(schema, ROWS + 1).map(({ table, rows }) => [table, rows]));
}

/** `PATCH or PUT /v1/users/{id}` where rules with status 404 say that one of them is not served, and why. */
function isLeftOut(id: string, { otherRules }: ApiDocument): boolean {
  const path = id.slice(id.indexOf('/'));
  const methods = id.slice(0, id.indexOf('/')).trim().split(' or ');
  return otherRules.some(
    ({ operation, status }) => status === 404 && methods.some((method) => `${method} ${path}` === operation),
  );
}

function operationsOutside(document: ApiDocument, resources: readonly Resource[]): Operation[] {
  const known = new Set(
    resources.flatMap((one) => [
      one.list,
      one.create,
      one.read,
      one.update,
      one.remove,
      ...one.nested.map(({ operation }) => operation),
    ]),
  );
  const others = document.operations.filter((operation) => !known.has(operation));
  return [...others.filter((one) => !isLogout(one)), ...others.filter(isLogout)];
}

/** With it the session ends. */
function isLogout({ id }: Operation): boolean {
  return id === 'POST /v1/auth/logout';
}

/** `POST /v1/users: 201×5 400×31 409×1` */
function coverage(prober: Prober): string[] {
  return prober.document.operations.map((operation) => {
    const statuses = [...prober.statusesOf(operation)].toSorted(([a], [b]) => a - b);
    return `${operation.id}: ${statuses.map(([status, count]) => `${status}×${count}`).join(' ') || 'not called'}`;
  });
}
