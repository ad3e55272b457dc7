import type { ForeignKey } from '../../domain/database-schema.ts';
import { isObject } from '../json-schema.ts';
import type { Prober } from '../prober.ts';
import {
  bodyFor,
  bodyProperties,
  keyOf,
  readPage,
  sameValue,
  type Resource,
  type Row,
  type StoredRow,
} from './resource.ts';

/**
 * Deletes every row, children before parents: 204, then 404. First tries, once a table, a row that others refer to and
 * whose foreign keys keep it: 409. What a table without a key refers to stays, as its rows cannot be deleted.
 */
export async function deleteRows(prober: Prober, resources: readonly Resource[]): Promise<void> {
  const left = new Map(resources.map((resource) => [resource, new Set(resource.stored)]));
  for (const resource of resources) {
    const held = resource.stored.find((row) => isHeld(row, resource, left));
    if (held) await expectHeld(prober, resource, held);
  }
  for (const resource of resources.toReversed()) await deleteAll(prober, resource, left);
}

/**
 * Makes a row of the sample and deletes it again, where rows that no operation deletes keep all that were made before:
 * otherwise nobody would see such a table's rows deleted.
 */
export async function deleteFreeRow(
  prober: Prober,
  resource: Resource,
  resources: readonly Resource[],
  sample: Row | undefined,
): Promise<void> {
  const { create, remove, table } = resource;
  const isKept = resources.some(
    (other) => !other.remove && other.table.foreignKeys.some(({ referencedTable }) => referencedTable === table.name),
  );
  if (!create || !remove || !sample || !isKept) return;
  const properties = Object.keys(bodyProperties(create, prober.document));
  const created = await prober.call(create, { json: bodyFor(sample, resource, resources, properties) });
  if (created.status !== 201 || !isObject(created.json)) return;
  const answer = await prober.call(remove, { path: keyOf(resource, remove, created.json) });
  prober.expect(answer, answer.status === 204, '204 for a row that nothing refers to');
}

/** The rows that are still there. */
type Left = ReadonlyMap<Resource, Set<StoredRow>>;

async function deleteAll(prober: Prober, resource: Resource, left: Left): Promise<void> {
  const { remove, list } = resource;
  const rows = left.get(resource);
  if (!remove || !rows) return;
  // Newest first: a row of a table that refers to itself comes after the row it refers to.
  for (const row of resource.stored.toReversed()) {
    if (isHeld(row, resource, left)) await expectHeld(prober, resource, row);
    else if (await deleteRow(prober, resource, row)) rows.delete(row);
  }
  if (!list || rows.size > 0) return;
  const answer = await prober.call(list, {});
  prober.expect(answer, readPage(answer.json).rows.length === 0, 'an empty list, as every row is deleted');
}

async function deleteRow(prober: Prober, resource: Resource, { body }: StoredRow): Promise<boolean> {
  const { remove, read } = resource;
  if (!remove) return false;
  const path = keyOf(resource, remove, body);
  const answer = await prober.call(remove, { path });
  if (!prober.expect(answer, answer.status === 204, '204 for a row that nothing refers to')) return false;
  for (const operation of read ? [remove, read] : [remove]) {
    const gone = await prober.call(operation, { path: keyOf(resource, operation, body) });
    prober.expect(gone, gone.status === 404, '404, as the row is deleted');
  }
  return true;
}

async function expectHeld(prober: Prober, resource: Resource, { body }: StoredRow): Promise<void> {
  if (!resource.remove) return;
  const answer = await prober.call(resource.remove, { path: keyOf(resource, resource.remove, body) });
  prober.expect(answer, answer.status === 409, '409, as another row refers to it');
}

function isHeld(row: StoredRow, parent: Resource, left: Left): boolean {
  return [...left].some(([child, rows]) =>
    child.table.foreignKeys.some(
      (key) =>
        key.referencedTable === parent.table.name &&
        keepsParents(key, child) &&
        [...rows].some((other) => other !== row && refersTo(other.body, key, row.body)),
    ),
  );
}

function keepsParents(key: ForeignKey, child: Resource): boolean {
  if (key.onDelete === 'set null') {
    return child.table.columns.some((column) => key.columns.includes(column.name) && !column.nullable);
  }
  return key.onDelete === 'no action' || key.onDelete === 'restrict';
}

function refersTo(child: Row, key: ForeignKey, parent: Row): boolean {
  return key.columns.every((column, index) => {
    const value = child[column];
    return value !== null && value !== undefined && sameValue(value, parent[key.referencedColumns[index] ?? '']);
  });
}
