import type { JsonSchema } from './json-schema.ts';
import { problemSchema } from './problem-schema.ts';

/** What a route takes and answers. Bodies with a `title` become components of the document. */
export interface Operation {
  readonly tags?: readonly string[];
  readonly summary?: string;
  readonly description?: string;
  readonly operationId?: string;
  /** The table whose rows it lists: where a reference finds what it can refer to. */
  readonly table?: string;
  readonly params?: JsonSchema;
  readonly querystring?: JsonSchema;
  readonly body?: JsonSchema;
  /** The media types that the body may have, if not `application/json` alone. */
  readonly bodyTypes?: readonly string[];
  /** By status; undefined for an answer without a body. */
  readonly response?: Readonly<Record<number, JsonSchema | undefined>>;
  /** The statuses that are answered with a problem. */
  readonly problems?: readonly number[];
}

/** What an operation refuses for a reason of the business. */
export interface Rule {
  /** As the document writes it: `PATCH /v1/bookings/{id}`. */
  readonly operation: string;
  readonly status: number;
  readonly why: string;
}

export interface DocumentedRoute {
  readonly method: string;
  /** With Fastify's placeholders: `/v1/posts/:id`. */
  readonly url: string;
  readonly operation: Operation;
}

/** The OpenAPI 3.1 document of the routes, ordered by path and method. */
export function openApiDocument(
  info: { readonly title: string; readonly version: string; readonly description?: string },
  routes: readonly DocumentedRoute[],
  rules: readonly Rule[] = [],
): JsonSchema {
  const components = new Map<string, JsonSchema>([['Problem', problemSchema]]);
  const paths: Record<string, Record<string, JsonSchema>> = {};
  for (const route of routes.toSorted(byPathAndMethod)) {
    const path = documentedPath(route.url);
    const own = rules.filter(({ operation }) => documentedPath(operation) === `${route.method} ${path}`);
    const description = { ...describe(withRules(route.operation, own), components), ...rulesOf(own) };
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: description };
  }
  const served = new Set(routes.map(({ method, url }) => `${method} ${documentedPath(url)}`));
  const leftOut = rules.filter(({ operation }) => !served.has(documentedPath(operation)));
  return {
    openapi: '3.1.0',
    info,
    servers: [{ url: '/' }],
    security: [],
    paths,
    ...(leftOut.length > 0 ? { 'x-rules': leftOut } : {}),
    components: { schemas: Object.fromEntries([...components].toSorted(([a], [b]) => (a < b ? -1 : 1))) },
  };
}

function documentedPath(url: string): string {
  return url.replace(/:(\w+)/g, '{$1}');
}

/** The operation with the statuses that its rules refuse with. */
function withRules(operation: Operation, rules: readonly Rule[]): Operation {
  const statuses = [...(operation.problems ?? []), ...rules.map(({ status }) => status)];
  return rules.length === 0 ? operation : { ...operation, problems: [...new Set(statuses)] };
}

function rulesOf(rules: readonly Rule[]): JsonSchema {
  return rules.length === 0 ? {} : { 'x-rules': rules.map(({ status, why }) => ({ status, why })) };
}

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];

function byPathAndMethod(a: DocumentedRoute, b: DocumentedRoute): number {
  if (a.url !== b.url) return a.url < b.url ? -1 : 1;
  return METHODS.indexOf(a.method) - METHODS.indexOf(b.method);
}

function describe(operation: Operation, components: Map<string, JsonSchema>): JsonSchema {
  const { tags, summary, description, operationId, body, bodyTypes = ['application/json'] } = operation;
  const parameters = [...parametersIn('path', operation.params), ...parametersIn('query', operation.querystring)];
  return {
    ...(tags ? { tags } : {}),
    ...(summary ? { summary } : {}),
    ...(description ? { description } : {}),
    ...(operationId ? { operationId } : {}),
    ...(operation.table ? { 'x-table': operation.table } : {}),
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(body ? { requestBody: { required: true, content: contentOf(bodyTypes, component(body, components)) } } : {}),
    responses: { ...answers(operation, components), ...problems(operation) },
  };
}

function contentOf(types: readonly string[], schema: JsonSchema): JsonSchema {
  return Object.fromEntries(types.map((type) => [type, { schema }]));
}

function parametersIn(place: 'path' | 'query', schema: JsonSchema | undefined): JsonSchema[] {
  const required = (schema?.['required'] ?? []) as readonly string[];
  return Object.entries((schema?.['properties'] ?? {}) as Record<string, JsonSchema>).map(([name, property]) => {
    const { description, ...rest } = property;
    return {
      name,
      in: place,
      required: place === 'path' || required.includes(name),
      ...(description ? { description } : {}),
      schema: rest,
    };
  });
}

function answers(operation: Operation, components: Map<string, JsonSchema>): JsonSchema {
  return Object.fromEntries(
    Object.entries(operation.response ?? {}).map(([status, schema]) => [
      status,
      {
        description: TITLES[status] ?? 'An answer',
        ...(schema ? { content: { 'application/json': { schema: component(schema, components) } } } : {}),
      },
    ]),
  );
}

function problems(operation: Operation): JsonSchema {
  return Object.fromEntries(
    [...new Set([...(operation.problems ?? []), ...ALWAYS_POSSIBLE])].map((status) => [
      status,
      {
        description: TITLES[status] ?? 'A problem',
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      },
    ]),
  );
}

/** Moves schemas that have a title to the components, wherever they are nested, and leaves a reference. */
function component(schema: JsonSchema, components: Map<string, JsonSchema>): JsonSchema {
  const { title, ...rest } = schema;
  const inner = isPage(rest) ? { ...rest, properties: hoistItems(rest.properties, components) } : rest;
  if (typeof title !== 'string') return inner;
  components.set(title, inner);
  return { $ref: `#/components/schemas/${title}` };
}

interface PageProperties {
  readonly data: { readonly items: JsonSchema };
}

function isPage(schema: JsonSchema): schema is JsonSchema & { readonly properties: PageProperties } {
  const properties = schema['properties'] as Partial<PageProperties> | undefined;
  return properties?.data?.items !== undefined;
}

function hoistItems(properties: PageProperties, components: Map<string, JsonSchema>): JsonSchema {
  return { ...properties, data: { ...properties.data, items: component(properties.data.items, components) } };
}

/** What comes before a route is reached. */
const ALWAYS_POSSIBLE = [421, 429];

const TITLES: Readonly<Record<string, string>> = {
  200: 'Done',
  201: 'Created',
  204: 'Deleted',
  202: 'Taken, and not done yet',
  400: 'The request is not as documented',
  401: 'Sign in first',
  402: 'It has to be paid first',
  403: 'Not for whoever asks',
  404: 'There is no such thing',
  405: 'Not with this method',
  409: 'It conflicts with what is there',
  410: 'It is gone for good',
  412: 'It has changed meanwhile',
  413: 'The body is too large',
  414: 'The path is too long',
  415: 'The body is no JSON',
  421: 'This host is not ours',
  422: 'The data breaks a rule',
  423: 'It is locked',
  429: 'Too many requests',
  500: 'Something broke on our side',
  501: 'Not written yet',
  503: 'The database does not answer in time',
};
