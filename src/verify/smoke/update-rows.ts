import { isObject } from '../json-schema.ts';
import type { Prober } from '../prober.ts';
import { expectEcho } from './create-rows.ts';
import { bodyProperties, keyOf, rowOf, type Resource, type Row, type StoredRow } from './resource.ts';

/** Gives the first row the plain values of the second, reads it back, and puts its own values back in. */
export async function updateRows(prober: Prober, resource: Resource): Promise<void> {
  const { update } = resource;
  const [first, second] = resource.stored;
  if (!update || !first) return;
  const own = plainValues(resource, first, Object.keys(bodyProperties(update, prober.document)));
  const others = Object.fromEntries(Object.keys(own).map((name) => [name, (second ?? first).sent[name] ?? own[name]]));
  if (Object.keys(own).length === 0) return;
  await updateRow(prober, resource, first, others);
  const restored = await updateRow(prober, resource, first, own);
  if (restored) resource.stored[0] = { ...first, body: restored };
}

async function updateRow(prober: Prober, resource: Resource, row: StoredRow, values: Row): Promise<Row | undefined> {
  const { update, read } = resource;
  if (!update) return undefined;
  const complete = update.method === 'PUT' ? { ...row.sent, ...values } : values;
  const answer = await prober.call(update, { path: keyOf(resource, update, row.body), json: complete });
  if (!prober.expect(answer, answer.status === 200 && isObject(answer.json), '200 with the updated row'))
    return undefined;
  expectEcho(prober, update, answer, values);
  if (!read) return rowOf(answer.json);
  const again = await prober.call(read, { path: keyOf(resource, read, row.body) });
  const same = JSON.stringify(again.json) === JSON.stringify(answer.json);
  prober.expect(again, same, `the row as it was updated: ${JSON.stringify(answer.json)}`);
  return rowOf(again.json);
}

/** What two rows may swap: no key, no reference, nothing unique, nothing that a check ties to another column. */
function plainValues(resource: Resource, row: StoredRow, properties: readonly string[]): Row {
  const { table } = resource;
  const bound = new Set([
    ...table.primaryKey,
    ...table.foreignKeys.flatMap((key) => key.columns),
    ...table.uniques.flatMap((key) => key.columns),
    ...table.indexes.filter((index) => index.unique).flatMap((index) => index.keys),
  ]);
  for (const { expression } of table.checks) {
    const words = new Set(expression.match(/\w+/g));
    const mentioned = table.columns.map(({ name }) => name).filter((name) => words.has(name));
    if (mentioned.length > 1) for (const name of mentioned) bound.add(name);
  }
  return Object.fromEntries(
    Object.entries(row.sent).filter(([name, value]) => properties.includes(name) && !bound.has(name) && value !== null),
  );
}
