import { z } from 'zod';
import { changePlanShape, revisionShape } from '../operations/change-shapes.ts';
import type { Operation } from '../operations/operation.ts';
import { OPERATIONS } from '../operations/operations.ts';
import { projectShape, projectSummaryShape } from '../operations/project-shapes.ts';
import { receiptShape } from '../operations/receipt-shape.ts';
import { failureShape, runEventShape, runOutcomeShape, runShape, runSummaryShape } from '../operations/run-shapes.ts';
import type { DocumentedRoute } from './documented-route.ts';
import { problemShape } from './problem.ts';

type Json = Readonly<Record<string, unknown>>;

/** Shapes that are more than one operation's answer, or a part of one. */
const SHARED: Readonly<Record<string, z.ZodObject>> = {
  ChangePlan: changePlanShape,
  Failure: failureShape,
  Problem: problemShape,
  Project: projectShape,
  ProjectSummary: projectSummaryShape,
  Receipt: receiptShape,
  Revision: revisionShape,
  Run: runShape,
  RunEvent: runEventShape,
  RunOutcome: runOutcomeShape,
  RunSummary: runSummaryShape,
};

/** The OpenAPI 3.1 document of every operation and of the other routes. */
export function openApiDocument(version: string, otherRoutes: readonly DocumentedRoute[]): Json {
  const names = nameShapes();
  const routes = [...OPERATIONS.map((operation) => operationRoute(operation, names)), ...otherRoutes];
  const paths: Record<string, Record<string, Json>> = {};
  for (const route of routes) (paths[route.path] ??= {})[route.method.toLowerCase()] = operationObject(route);
  return {
    openapi: '3.1.0',
    info: {
      title: 'TurboBackend',
      version,
      description: 'One sentence becomes a running, verified backend with its own Postgres database.',
    },
    servers: [{ url: '/' }],
    tags: [...new Set(routes.map(({ tag }) => tag))].map((name) => ({ name })),
    // A key, or none where the service asks for none.
    security: [{ apiKey: [] }, {}],
    paths,
    components: {
      schemas: schemasOf(names),
      securitySchemes: {
        apiKey: { type: 'http', scheme: 'bearer', description: 'A key of `turbobackend keys create`.' },
      },
    },
  };
}

type ShapeNames = ReadonlyMap<z.ZodObject, string>;

/** Each answer's shape has a name: the shared one, or its operation's. */
function nameShapes(): ShapeNames {
  const names = new Map(Object.entries(SHARED).map(([name, shape]) => [shape, name]));
  for (const { name, output } of OPERATIONS) {
    if (!names.has(output)) names.set(output, `${pascalCase(name)}Answer`);
  }
  return names;
}

function pascalCase(name: string): string {
  return name.replaceAll(/(?:^|_)([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

function schemasOf(names: ShapeNames): Json {
  const registry = z.registry<{ id: string }>();
  for (const [shape, id] of names) registry.add(shape, { id });
  const { schemas } = z.toJSONSchema(registry, { io: 'output', uri: (id) => `#/components/schemas/${id}` });
  return Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, withoutIdentity(schema)]));
}

function operationRoute(operation: Operation, names: ShapeNames): DocumentedRoute {
  const { method, path, tag, status = 200, location } = operation.http;
  const { properties, required } = inputSchema(operation);
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
  const others = Object.keys(properties).filter((name) => !inPath.includes(name));
  const inBody = method === 'POST' && others.length > 0;
  return {
    method,
    path,
    tag,
    operationId: operation.name,
    summary: operation.title,
    description: `${operation.description}\n\nNeeds a key with the scope \`${operation.scope}\`.`,
    parameters: [
      ...inPath.map((name) => parameter('path', name, properties[name], true)),
      ...(inBody ? [] : others.map((name) => parameter('query', name, properties[name], required.includes(name)))),
      ...(operation.isRepeatable ? [IDEMPOTENCY_KEY] : []),
    ],
    requestBody: inBody ? jsonBody(pick(properties, others), required) : undefined,
    responses: {
      [status]: {
        description: 'What was asked for',
        ...(location && { headers: { Location: { description: 'Where it is', schema: { type: 'string' } } } }),
        content: { 'application/json': { schema: reference(names.get(operation.output) ?? '') } },
      },
    },
  };
}

const IDEMPOTENCY_KEY: Json = {
  name: 'Idempotency-Key',
  in: 'header',
  description:
    'Your name for this request, such as a random UUID: repeating it within 24 hours gives the first answer again.',
  schema: { type: 'string', minLength: 1, maxLength: 200 },
};

interface InputSchema {
  readonly properties: Readonly<Record<string, Json>>;
  readonly required: readonly string[];
}

function inputSchema({ input }: Operation): InputSchema {
  const { properties = {}, required = [] } = z.toJSONSchema(input, { io: 'input' });
  return { properties: properties as Record<string, Json>, required };
}

function parameter(place: 'path' | 'query', name: string, schema: Json | undefined, required: boolean): Json {
  const { description, ...rest } = schema ?? {};
  return {
    name,
    in: place,
    ...(required && { required }),
    ...(description !== undefined && { description }),
    schema: rest,
  };
}

function jsonBody(properties: Json, required: readonly string[]): Json {
  const names = required.filter((name) => name in properties);
  const schema = {
    type: 'object',
    properties,
    ...(names.length > 0 && { required: names }),
    additionalProperties: false,
  };
  return { required: names.length > 0, content: { 'application/json': { schema } } };
}

function pick(properties: InputSchema['properties'], names: readonly string[]): Json {
  return Object.fromEntries(names.map((name) => [name, properties[name]]));
}

function operationObject(route: DocumentedRoute): Json {
  return {
    operationId: route.operationId,
    tags: [route.tag],
    summary: route.summary,
    description: route.description,
    ...(route.isOpen && { security: [] }),
    ...(route.parameters.length > 0 && { parameters: route.parameters }),
    ...(route.requestBody && { requestBody: route.requestBody }),
    responses: {
      ...route.responses,
      ...(!route.isOpen && {
        401: problem('A key is needed, or the one that was sent is not valid'),
        429: problem('Too many calls; Retry-After says how long to wait'),
      }),
      default: problem('What went wrong'),
    },
  };
}

function problem(description: string): Json {
  return { description, content: { 'application/problem+json': { schema: reference('Problem') } } };
}

function reference(name: string): Json {
  return { $ref: `#/components/schemas/${name}` };
}

/** Within the document a schema is known by its place. */
function withoutIdentity(schema: object): Json {
  return Object.fromEntries(Object.entries(schema).filter(([key]) => key !== '$schema' && key !== '$id'));
}
