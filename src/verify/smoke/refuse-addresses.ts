import type { Operation } from '../api-document.ts';
import { inParallel } from '../in-parallel.ts';
import { schemaFaults, schemaTypes } from '../json-schema.ts';
import type { CallInput, Prober } from '../prober.ts';
import { absentValue, expectRefusal } from './expect-refusal.ts';
import { dereference, hostileQueries, type HostileInput } from './hostile-input.ts';
import { sampleValue } from './sample-value.ts';
import { bodyProperties, keyOf, type Resource, type Row } from './resource.ts';

/** For lists' own parameters; no server hands out such a cursor. */
const BAD_VALUES: ReadonlyMap<string, readonly string[]> = new Map([
  ['cursor', ['x', '%', '\u0000', 'bnVsbA', 'e30', 'WzFd', "' OR 1=1 --", 'A'.repeat(5000)]],
  ['limit', ['0', '-1', 'abc', '1e400', '1.5', '999999999']],
  ['sort', ['no_such_column', '-', 'id;', "id' --"]],
]);

/** Bad cursors, limits and orders of every list, and filters by values of a wrong type. */
export async function refuseQueries(prober: Prober, resource: Resource): Promise<void> {
  const [first] = resource.stored;
  const { list, nested } = resource;
  for (const operation of [...(list ? [list] : []), ...nested.map((one) => one.operation)]) {
    const path = first ? keyOf(resource, operation, first.body) : sampleKey(prober, operation);
    const hostile = queriesOf(operation).flatMap((name) =>
      (BAD_VALUES.get(name) ?? []).map((value) => bad(name, value)),
    );
    await inParallel(hostile, (one) => expectRefusal(prober, operation, one, { path }));
  }
  if (!list) return;
  const filters = list.parameters.filter((one) => one.in === 'query' && !BAD_VALUES.has(one.name));
  const hostile = filters.flatMap(({ name, schema }) => hostileQueries(name, schema, resolver(prober)));
  await inParallel(hostile, (one) => expectRefusal(prober, list, one));
}

function queriesOf(operation: Operation): string[] {
  return operation.parameters.filter((one) => one.in === 'query').map(({ name }) => name);
}

function bad(name: string, value: string): HostileInput {
  return { what: `a bad ${name}`, input: { query: { [name]: value } }, expected: '4xx' };
}

/** An id that no row has is 404, one that no row can have is refused, whatever is to be done with it. */
export async function refuseKeys(prober: Prober, resource: Resource): Promise<void> {
  const [first] = resource.stored;
  for (const operation of [resource.read, resource.update, resource.remove]) {
    if (!operation) continue;
    const key = first ? keyOf(resource, operation, first.body) : sampleKey(prober, operation);
    const body = operation === resource.update ? { json: oneValue(prober, operation, first?.sent ?? {}) } : {};
    if (first) await expectUnknown(prober, resource, operation, key, body);
    const ids = ['\u0000', 'x'.repeat(3000), "' OR 1=1 --"].map((id) => Object.keys(key).map((name) => [name, id]));
    const hostile = [
      ...ids.map((entries) => wrongKey({ ...key, ...Object.fromEntries(entries) })),
      ...wrongTypes(prober, operation, key),
    ];
    await inParallel(hostile, (one) => expectRefusal(prober, operation, one, body));
  }
}

/** For a table of which there is no row. */
function sampleKey(prober: Prober, operation: Operation): Record<string, string> {
  const parameters = operation.parameters.filter((one) => one.in === 'path');
  return Object.fromEntries(
    parameters.map(({ name, schema }) => [name, String(sampleValue(schema, resolver(prober)))]),
  );
}

async function expectUnknown(
  prober: Prober,
  { table }: Resource,
  operation: Operation,
  key: Readonly<Record<string, string>>,
  body: CallInput,
): Promise<void> {
  const path = Object.fromEntries(
    Object.entries(key).map(([name, value], index) => {
      const { type } = table.columns.find((column) => column.name === table.primaryKey[index]) ?? { type: '' };
      return [name, absentKey(type, value) ?? String(absentValue(typed(operation, name, value)))];
    }),
  );
  const answer = await prober.call(operation, { path, ...body });
  const parameters = operation.parameters.filter((one) => one.in === 'path');
  // Of an enumeration or a date there may be no other value that we could think of.
  const isValid = parameters.every(({ name, schema }) => {
    const value = typed(operation, name, path[name] ?? '');
    return schemaFaults(value, schema, resolver(prober)).length === 0;
  });
  const expected = isValid ? [404] : [404, 400];
  prober.expect(answer, expected.includes(answer.status), `${expected.join(' or ')} for an id that no row has`);
}

/** A key that no row has, of a type that does not say in the document how it is written. */
function absentKey(type: string, value: string): string | undefined {
  if (type.startsWith('bit')) return '0'.repeat(value.length);
  if (type.startsWith('numeric')) return value.replaceAll(/\d/g, '9');
  const known: ReadonlyMap<string, string> = new Map([
    ['inet', '203.0.113.77'],
    ['cidr', '203.0.113.0/24'],
    ['macaddr', '02:00:5e:ff:ff:ff'],
    ['macaddr8', '02:00:5e:ff:fe:ff:ff:ff'],
    ['ltree', 'nowhere'],
  ]);
  return known.get(type);
}

function wrongTypes(prober: Prober, operation: Operation, key: Readonly<Record<string, string>>): HostileInput[] {
  return operation.parameters
    .filter((one) => one.in === 'path')
    .flatMap(({ name, schema }) => hostileQueries(name, dereference(schema, resolver(prober)), resolver(prober)))
    .map(({ input }) => wrongKey({ ...key, ...input.query }));
}

function wrongKey(path: Readonly<Record<string, string>>): HostileInput {
  return { what: 'an id that no row can have', input: { path }, expected: '4xx' };
}

function resolver(prober: Prober) {
  return (reference: string) => prober.document.resolve(reference);
}

function typed(operation: Operation, name: string, value: string): unknown {
  const schema = operation.parameters.find((parameter) => parameter.name === name)?.schema;
  return typeof schema === 'object' && schemaTypes(schema).includes('integer') ? Number(value) : value;
}

/** A change that would be fine if there were such a row. */
function oneValue(prober: Prober, operation: Operation, sent: Row): Row {
  const properties = bodyProperties(operation, prober.document);
  return Object.fromEntries(
    Object.entries(sent)
      .filter(([name]) => Object.hasOwn(properties, name))
      .slice(0, 1),
  );
}
