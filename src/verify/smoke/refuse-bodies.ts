import { plainRecord } from '../../domain/plain-record.ts';
import { isHashed } from '../../scaffold/scaffold.ts';
import type { Operation } from '../api-document.ts';
import type { HttpAnswer } from '../http-client.ts';
import { inParallel } from '../in-parallel.ts';
import { isObject } from '../json-schema.ts';
import type { Prober } from '../prober.ts';
import { absentValue, expectRefusal } from './expect-refusal.ts';
import { hostileBodies } from './hostile-input.ts';
import { bodyFor, bodyProperties, bodySchema, keyOf, type Resource, type Row } from './resource.ts';

/** Broken bodies, values past their column's range, references to nothing, keys that are taken. */
export async function refuseBodies(
  prober: Prober,
  resource: Resource,
  resources: readonly Resource[],
  spare: Row | undefined,
): Promise<void> {
  const { create, update, stored } = resource;
  const [first] = stored;
  if (create) {
    const properties = Object.keys(bodyProperties(create, prober.document));
    const valid = spare ? bodyFor(spare, resource, resources, properties) : (first?.sent ?? {});
    await refuseEach(prober, create, valid, {}, (answer) => takeBack(prober, resource, answer));
    await refuseReferences(prober, resource, create, valid);
    await refuseTaken(prober, resource, create);
  }
  if (update && first) {
    const properties = Object.keys(bodyProperties(update, prober.document));
    const valid = plainRecord(Object.entries(first.sent).filter(([name]) => properties.includes(name)));
    await refuseEach(prober, update, valid, keyOf(resource, update, first.body));
  }
}

async function refuseEach(
  prober: Prober,
  operation: Operation,
  valid: Row,
  path: Readonly<Record<string, string>>,
  undo: (answer: HttpAnswer) => Promise<void> = () => Promise.resolve(),
): Promise<void> {
  const schema = bodySchema(operation, prober.document);
  const hostile = hostileBodies(valid, schema, (reference) => prober.document.resolve(reference));
  await inParallel(hostile, async (one) => undo(await expectRefusal(prober, operation, one, { path })));
}

/** A row that should not have been made would stand in the way of the next: its keys would be taken. */
async function takeBack(prober: Prober, resource: Resource, answer: HttpAnswer): Promise<void> {
  const { remove } = resource;
  if (answer.status !== 201 || !remove || !isObject(answer.json)) return;
  await prober.call(remove, { path: keyOf(resource, remove, answer.json) });
}

/** A reference to a row that is not there: neither a row nor a failure of the server. */
async function refuseReferences(prober: Prober, resource: Resource, create: Operation, valid: Row): Promise<void> {
  for (const key of resource.table.foreignKeys) {
    const columns = key.columns.filter((column) => valid[column] !== undefined && valid[column] !== null);
    if (columns.length !== key.columns.length) continue;
    const nowhere = Object.fromEntries(columns.map((column) => [column, absentValue(valid[column])]));
    const what = `a row whose ${columns.join(', ')} refers to nothing`;
    await expectRefusal(prober, create, { what, input: { json: { ...valid, ...nowhere } }, expected: '4xx' });
  }
}

/** The same key or unique value again is a conflict. */
async function refuseTaken(prober: Prober, resource: Resource, create: Operation): Promise<void> {
  const { table, stored } = resource;
  const sent = stored[0]?.sent ?? {};
  const hashed = table.columns.filter((column) => isHashed(column, table)).map(({ name }) => name);
  // What a salt is added to is never twice the same.
  const keys = [table.primaryKey, ...table.uniques.map((unique) => unique.columns)].filter(
    (columns) => !columns.some((name) => hashed.includes(name)),
  );
  const taken = keys.find(
    (columns) => columns.length > 0 && columns.every((name) => sent[name] !== undefined && sent[name] !== null),
  );
  if (!taken) return;
  const answer = await prober.call(create, { json: sent });
  prober.expect(answer, answer.status === 409, `409, as a row with this ${taken.join(', ')} exists`);
}
