import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import type { FastifyInstance } from 'fastify';
import { buildApp } from '../src/app.ts';
import { readConfig } from '../src/config.ts';

interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly enum?: readonly unknown[];
  readonly examples?: readonly unknown[];
  readonly example?: unknown;
  readonly default?: unknown;
}

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required: boolean;
  readonly schema: Schema;
}

interface Operation {
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> };
  readonly responses: Readonly<Record<string, unknown>>;
}

const api = JSON.parse(await readFile(new URL('../openapi.json', import.meta.url), 'utf8'));
let app: FastifyInstance;

before(async () => {
  app = await buildApp(readConfig({ LOG: 'off' }));
});
after(() => app.close());

test('/healthz and /readyz answer', async () => {
  assert.equal((await app.inject('/healthz')).statusCode, 200);
  assert.equal((await app.inject('/readyz')).statusCode, 200);
});

test('an unknown path is a problem', async () => {
  const response = await app.inject('/no-such-thing');
  assert.equal(response.statusCode, 404);
  assert.equal(response.headers['content-type'], 'application/problem+json');
});

for (const [path, methods] of Object.entries<Record<string, Operation>>(api.paths)) {
  for (const [method, operation] of Object.entries(methods)) {
    if (path === '/healthz' || path === '/readyz') continue;
    const verb = method.toUpperCase() as 'GET' | 'POST';

    test(`${verb} ${path} takes what is documented`, async () => {
      const response = await app.inject({ method: verb, url: url(path, operation), ...payload(operation) });
      const status = response.statusCode;
      assert.ok(String(status) in operation.responses, `${status} is not documented: ${response.body}`);
      // 501 until somebody has written it. A value that was only made up may mean nothing, and be refused.
      const isFine = status < 300 || status === 501 || (status < 500 && !hasExamples(operation));
      assert.ok(isFine, response.body);
    });

    test(`${verb} ${path} refuses what is not documented`, async () => {
      const wrong = { no_such_field: 1 };
      const request = operation.requestBody ? { payload: wrong } : { query: { no_such_field: '1' } };
      const response = await app.inject({ method: verb, url: url(path, operation), ...request });
      assert.equal(response.statusCode, 400, response.body);
      assert.equal(response.headers['content-type'], 'application/problem+json');
    });
  }
}

function url(path: string, operation: Operation): string {
  const parameters = operation.parameters ?? [];
  const query = parameters.filter((parameter) => parameter.in === 'query' && parameter.required);
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => {
    const parameter = parameters.find((known) => known.name === name);
    return encodeURIComponent(inUrl(parameter?.schema ?? {}));
  });
  const search = new URLSearchParams(query.map(({ name, schema }): [string, string] => [name, inUrl(schema)]));
  return search.size > 0 ? `${filled}?${search.toString()}` : filled;
}

function inUrl(schema: Schema): string {
  const value = example(schema);
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function payload(operation: Operation): { payload?: object } {
  const schema = operation.requestBody?.content['application/json']?.schema;
  return schema ? { payload: example(schema) as object } : {};
}

/** Whether the document says for each value that has to be given what one that means something looks like. */
function hasExamples(operation: Operation): boolean {
  const body = operation.requestBody?.content['application/json']?.schema;
  const parameters = (operation.parameters ?? []).filter((parameter) => parameter.required);
  return [...parameters.map(({ schema }) => schema), ...(body ? [body] : [])].every(isExampled);
}

function isExampled(schema: Schema): boolean {
  const known = follow(schema);
  if (givenExample(known) !== undefined) return true;
  return known.required !== undefined && known.required.every((name) => isExampled(known.properties?.[name] ?? {}));
}

function givenExample(schema: Schema): unknown {
  return schema.examples?.[0] ?? schema.example ?? schema.enum?.[0] ?? schema.default;
}

function follow(schema: Schema): Schema {
  return schema.$ref ? api.components.schemas[schema.$ref.split('/').at(-1) ?? ''] : schema;
}

function example(schema: Schema): unknown {
  const known = follow(schema);
  const given = givenExample(known);
  if (given !== undefined) return given;
  if (known.type === 'string') return 'text';
  if (known.type === 'boolean') return true;
  if (known.type === 'number' || known.type === 'integer') return 1;
  if (known.type === 'array') return [example(known.items ?? { type: 'string' })];
  const required = Object.entries(known.properties ?? {}).filter(([name]) => known.required?.includes(name));
  return Object.fromEntries(required.map(([name, property]) => [name, example(property)]));
}
