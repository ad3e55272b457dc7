import { isPasswordName } from '../answer-checks.ts';
import type { Operation } from '../api-document.ts';
import type { HttpAnswer } from '../http-client.ts';
import type { JsonSchema } from '../json-schema.ts';
import type { Prober } from '../prober.ts';
import { bodyFor, bodyProperties, keyOf, rowOf, sameValue, type Resource, type Row } from './resource.ts';

/** What Postgres itself has against a row of the table; undefined when it takes it. */
export type SampleRefusal = (table: string, row: Row) => Promise<string | undefined>;

/**
 * Creates a row for each sample, reads each back, and keeps them in `resource.stored`. Resolves to what Postgres had
 * against samples that were no fit rows; that the backend refused those is no fault.
 */
export async function createRows(
  prober: Prober,
  resource: Resource,
  resources: readonly Resource[],
  samples: readonly Row[],
  refusalOf: SampleRefusal = () => Promise.resolve(undefined),
): Promise<string[]> {
  const { create } = resource;
  if (!create) return [];
  const unfit: string[] = [];
  const properties = Object.keys(bodyProperties(create, prober.document));
  for (const sample of samples) {
    const sent = bodyFor(sample, resource, resources, properties);
    const answer = await prober.call(create, { json: sent });
    if (prober.isByRule(answer)) continue;
    if (answer.status !== 201) {
      const refusal = await refusalOf(resource.table.name, { ...sample, ...sent });
      if (refusal === undefined) prober.fault(answer, '201 for a row that Postgres takes');
      else unfit.push(refusal);
      continue;
    }
    const body = rowOf(answer.json);
    expectEcho(prober, create, answer, sent);
    resource.stored.push({ sample, sent, body });
    await readBack(prober, resource, answer, body);
  }
  return unfit;
}

/** The new row is where Location says, and is the one that was answered. */
async function readBack(prober: Prober, resource: Resource, created: HttpAnswer, body: Row): Promise<void> {
  const { read } = resource;
  if (!read) return;
  const answer = await prober.call(read, { path: keyOf(resource, read, body) });
  const { location } = created.headers;
  const path = location?.replace(/^https?:\/\/[^/]+/, '');
  prober.expect(created, path === answer.request.path, `Location: ${answer.request.path}, got ${location ?? 'none'}`);
  prober.expect(
    answer,
    answer.status === 200 && JSON.stringify(answer.json) === JSON.stringify(body),
    `200 with the row as it was created: ${JSON.stringify(body)}`,
  );
}

/** What was sent is what is answered; what is only ever taken, as a password is, comes back in no form. */
export function expectEcho(prober: Prober, operation: Operation, answer: HttpAnswer, sent: Row): void {
  const body = rowOf(answer.json);
  const properties = bodyProperties(operation, prober.document);
  for (const [name, value] of Object.entries(sent)) {
    if (isTakenOnly(name, properties)) {
      const told = Object.hasOwn(body, name) || (isOwnText(name, value, sent) && answer.text.includes(String(value)));
      prober.expect(answer, !told, `nothing of ${name}, which is taken and never told`);
    } else {
      prober.expect(answer, sameValue(value, body[name]), `${name} to be ${JSON.stringify(value)}`);
    }
  }
}

function isTakenOnly(name: string, properties: Readonly<Record<string, JsonSchema>>): boolean {
  const property = properties[name];
  return isPasswordName(name) || (typeof property === 'object' && property['writeOnly'] === true);
}

/** Whether the text says nothing that another field was given as well: `password` beside `password_hint`. */
function isOwnText(name: string, value: unknown, sent: Row): boolean {
  if (typeof value !== 'string' || value.length <= 5) return false;
  return !Object.entries(sent).some(([other, text]) => other !== name && JSON.stringify(text ?? '').includes(value));
}
