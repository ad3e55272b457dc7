import type { HttpAnswer } from '../http-client.ts';
import type { Prober } from '../prober.ts';
import { refuseKeys, refuseQueries } from './refuse-addresses.ts';
import { refuseBodies } from './refuse-bodies.ts';
import { readPage, type Resource, type Row } from './resource.ts';

/**
 * Sends everything that has to be refused, one fault a request. `spare` is a valid sample that was not made a row.
 * No row may come of any of it.
 */
export async function refuseInput(
  prober: Prober,
  resource: Resource,
  resources: readonly Resource[],
  spare: Row | undefined,
): Promise<void> {
  const before = await listAll(prober, resource);
  await refuseBodies(prober, resource, resources, spare);
  await refuseQueries(prober, resource);
  await refuseKeys(prober, resource);
  const after = await listAll(prober, resource);
  if (before && after) prober.expect(after, after.text === before.text, 'the same rows as before the refused requests');
}

async function listAll(prober: Prober, resource: Resource): Promise<HttpAnswer | undefined> {
  if (!resource.list) return undefined;
  const answer = await prober.call(resource.list, { query: { limit: '100' } });
  return readPage(answer.json).rows.length > 0 ? answer : undefined;
}
