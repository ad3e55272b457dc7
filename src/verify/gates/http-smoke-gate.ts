import type { DatabaseSchema } from '../../domain/database-schema.ts';
import type { ProvisionedDatabase } from '../../domain/provisioned-database.ts';
import type { Redactor } from '../../domain/redactor.ts';
import { sampleRows } from '../../samples/sample-rows.ts';
import { describeApi } from '../../scaffold/scaffold.ts';
import type { ApiDocument, Operation } from '../api-document.ts';
import type { GateOutcome } from '../gate-runner.ts';
import { Prober } from '../prober.ts';
import { probeOutcome } from '../probe-outcome.ts';
import { sampleRefusal } from '../sample-refusal.ts';
import { createRows } from '../smoke/create-rows.ts';
import { deleteRows } from '../smoke/delete-rows.ts';
import { listChildren, listRows } from '../smoke/list-rows.ts';
import { callOthers } from '../smoke/other-operations.ts';
import { refuseInput } from '../smoke/refuse-input.ts';
import { resourcesOf, type Resource, type Row } from '../smoke/resource.ts';
import { roundTripTexts } from '../smoke/round-trip.ts';
import { updateRows } from '../smoke/update-rows.ts';

/** Rows that are made of each table: enough for three pages of two. One more sample stays over for refused requests. */
const ROWS = 5;

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
): Promise<GateOutcome> {
  const prober = new Prober(url, document, signal, redactor);
  try {
    const schema = clone?.schema;
    const { resources, missing } = schema
      ? resourcesOf(schema, describeApi(schema), document)
      : { resources: [], missing: [] };
    const notes = clone ? await smokeTables(prober, clone, resources) : [];
    await callOthers(prober, operationsOutside(document, resources), clone !== undefined);
    const uncalled = document.operations.filter((one) => prober.statusesOf(one).size === 0).map(({ id }) => id);
    return probeOutcome(
      prober,
      [
        ...missing.map((id) => `${id}: expected to be in the document; it is not`),
        ...uncalled.map((id) => `${id}: no request could be made for it`),
      ],
      [...coverage(prober), ...notes],
    );
  } finally {
    prober.close();
  }
}

/** Resolves to what is worth telling besides faults. */
async function smokeTables(
  prober: Prober,
  clone: ProvisionedDatabase,
  resources: readonly Resource[],
): Promise<string[]> {
  const samples = samplesByTable(clone.schema);
  const samplesOf = (resource: Resource) => samples.get(resource.table.name) ?? [];
  const notes: string[] = [];
  for (const resource of resources) {
    const rows = samplesOf(resource).slice(0, ROWS);
    const unfit = await createRows(prober, resource, resources, rows, (table, row) => sampleRefusal(clone, table, row));
    if (resource.stored.length === 0) notes.push(untried(resource, unfit));
  }
  let roundTrips = 0;
  for (const resource of resources) {
    await listRows(prober, resource);
    await listChildren(prober, resource, resources);
    await updateRows(prober, resource);
    await refuseInput(prober, resource, resources, samplesOf(resource)[ROWS]);
    roundTrips += await roundTripTexts(prober, resource);
  }
  await deleteRows(prober, resources);
  return [...notes, `${roundTrips} texts that mean something to SQL or HTML came back unchanged`];
}

function untried({ table }: Resource, unfit: readonly string[]): string {
  const reason = unfit[0] ?? 'its rules leave none that could be thought of';
  return `${table.name}: no sample row could be made (${reason}); its operations were only tried with input to refuse`;
}

function samplesByTable(schema: DatabaseSchema): Map<string, readonly Row[]> {
  return new Map(sampleRows(schema, ROWS + 1).map(({ table, rows }) => [table, rows]));
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
  return document.operations.filter((operation) => !known.has(operation));
}

/** `POST /v1/users: 201×5 400×31 409×1` */
function coverage(prober: Prober): string[] {
  return prober.document.operations.map((operation) => {
    const statuses = [...prober.statusesOf(operation)].toSorted(([a], [b]) => a - b);
    return `${operation.id}: ${statuses.map(([status, count]) => `${status}×${count}`).join(' ') || 'not called'}`;
  });
}
