import type { Operation } from '../api-document.ts';
import type { Prober } from '../prober.ts';
import { isObject } from '../json-schema.ts';
import { inParallel } from '../in-parallel.ts';
import { expectRefusal } from './expect-refusal.ts';
import { hostileBodies } from './hostile-input.ts';
import { bodySchema } from './resource.ts';
import { sampleValue } from './sample-value.ts';

/**
 * Calls operations that belong to no table with input made from their schemas, then with broken input. A documented
 * 501 is allowed: the document says that nobody wrote it yet. `withRows`: they work on rows that invented input does not
 * name, so documented refusals of such input are as good; that they do their work is for the suite to prove.
 */
export async function callOthers(prober: Prober, operations: readonly Operation[], withRows: boolean): Promise<void> {
  for (const operation of operations) {
    const inputs = sampleInputs(prober, operation);
    const answer = await prober.call(operation, inputs);
    const refusals = (withRows ? ['404', '409', '422', '501'] : ['501']).filter(
      (status) => status in operation.answers,
    );
    const expected =
      refusals.length > 0
        ? `a 2xx, or the documented ${refusals.join(' or ')}`
        : 'a documented answer that is no refusal';
    const accepted = (answer.status >= 200 && answer.status < 400) || refusals.includes(String(answer.status));
    prober.expect(answer, accepted, `${expected} for input as documented`);
    await refuseOther(prober, operation, inputs);
  }
}

function sampleInputs(prober: Prober, operation: Operation) {
  const resolve = (reference: string) => prober.document.resolve(reference);
  const valuesIn = (place: 'path' | 'query') =>
    Object.fromEntries(
      operation.parameters
        .filter((parameter) => parameter.in === place && (parameter.required || place === 'path'))
        .map(({ name, schema }) => [name, String(sampleValue(schema, resolve))]),
    );
  const json = operation.body ? { json: sampleValue(bodySchema(operation, prober.document), resolve) } : {};
  return { path: valuesIn('path'), query: valuesIn('query'), ...json };
}

async function refuseOther(
  prober: Prober,
  operation: Operation,
  inputs: ReturnType<typeof sampleInputs>,
): Promise<void> {
  for (const parameter of operation.parameters.filter((one) => one.in === 'query' && one.required)) {
    const query = Object.fromEntries(Object.entries(inputs.query).filter(([name]) => name !== parameter.name));
    const answer = await prober.call(operation, { ...inputs, query });
    prober.expect(answer, isRefusal(answer.status), `4xx, as ${parameter.name} is missing`);
  }
  const json = 'json' in inputs ? inputs.json : undefined;
  if (!operation.body || !isObject(json)) return;
  const resolve = (reference: string) => prober.document.resolve(reference);
  // What a column could not hold a backend without columns may well take.
  const hostile = hostileBodies(json, bodySchema(operation, prober.document), resolve).filter(
    ({ what }) => !/NUL|surrogate|1e30|99999999999999999999/.test(what),
  );
  await inParallel(hostile, (one) => expectRefusal(prober, operation, one, { ...inputs, json: undefined }));
}

function isRefusal(status: number): boolean {
  return status >= 400 && status < 500;
}
