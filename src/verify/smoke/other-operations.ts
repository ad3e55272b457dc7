import type { Operation } from '../api-document.ts';
import type { Prober } from '../prober.ts';
import { isObject } from '../json-schema.ts';
import { inParallel } from '../in-parallel.ts';
import { expectRefusal } from './expect-refusal.ts';
import { hostileBodies } from './hostile-input.ts';
import { bodySchema } from './resource.ts';
import { hasExample, sampleValue } from './sample-value.ts';

/**
 * Calls operations that belong to no table with input made from their schemas, then with broken input. Invented input
 * may mean nothing to them, so any documented refusal will do: that each does its work for somebody is judged by the gate
 * `every-route`. `withRows`: they work on rows, which examples in the document cannot know of either. A documented 501
 * is allowed: the document says that nobody wrote it yet.
 */
export async function callOthers(prober: Prober, operations: readonly Operation[], withRows: boolean): Promise<void> {
  for (const operation of operations) {
    const inputs = sampleInputs(prober, operation);
    const answer = await prober.call(operation, inputs);
    const hasToTake = !withRows && isExampled(prober, operation);
    const accepted = isSuccess(answer.status) || (answer.status === 501 && '501' in operation.answers);
    const refused = isRefusal(answer.status) && String(answer.status) in operation.answers && !hasToTake;
    const expected = hasToTake ? 'a 2xx for the example of the document' : 'a 2xx, or a documented refusal';
    prober.expect(answer, accepted || refused, expected);
    await refuseOther(prober, operation, inputs);
  }
}

/** Whether the document gives an example of everything that has to be sent. */
function isExampled(prober: Prober, operation: Operation): boolean {
  const resolve = (reference: string) => prober.document.resolve(reference);
  const parameters = operation.parameters.filter(({ required, in: place }) => required || place === 'path');
  const schemas = [...parameters.map(({ schema }) => schema), ...(operation.body ? [operation.body.schema] : [])];
  return schemas.every((schema) => hasExample(schema, resolve));
}

function isSuccess(status: number): boolean {
  return status >= 200 && status < 400;
}

function sampleInputs(prober: Prober, operation: Operation) {
  const resolve = (reference: string) => prober.document.resolve(reference);
  const valuesIn = (place: 'path' | 'query' | 'header') =>
    Object.fromEntries(
      operation.parameters
        .filter((parameter) => parameter.in === place && (parameter.required || place === 'path'))
        .map(({ name, schema }) => [name, String(sampleValue(schema, resolve))]),
    );
  const json = operation.body ? { json: sampleValue(bodySchema(operation, prober.document), resolve) } : {};
  return { path: valuesIn('path'), query: valuesIn('query'), headers: valuesIn('header'), ...json };
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
