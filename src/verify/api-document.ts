import { z } from 'zod';
import { isObject, type JsonSchema } from './json-schema.ts';

/** One operation of an OpenAPI document, references followed. */
export interface Operation {
  /** `GET /v1/users/{id}` */
  readonly id: string;
  readonly method: string;
  readonly path: string;
  readonly parameters: readonly Parameter[];
  /** Undefined when it takes no JSON. */
  readonly body: { readonly required: boolean; readonly schema: JsonSchema } | undefined;
  /** By status; the schemas of each by media type. */
  readonly answers: Readonly<Record<string, Readonly<Record<string, JsonSchema>>>>;
  /** Whether nobody may call it without a token. */
  readonly needsToken?: boolean;
  /** What it refuses for a reason of the business, as declared. */
  readonly rules: readonly OperationRule[];
}

interface OperationRule {
  readonly status: number;
  readonly why: string;
}

/** A rule of a path that is not served. */
interface PathRule extends OperationRule {
  readonly operation: string;
}

interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header' | 'cookie';
  readonly required: boolean;
  readonly schema: JsonSchema;
  readonly description?: string | undefined;
}

export interface ApiDocument {
  readonly operations: readonly Operation[];
  /** Rules whose operation is not among these: with status 404 it is left out on purpose. */
  readonly otherRules: readonly PathRule[];
  resolve(reference: string): JsonSchema | undefined;
}

/** Reads an OpenAPI 3.1 document; `faults` says where it is not one, and is empty when it is. */
export function readApiDocument(json: unknown): { readonly document: ApiDocument; readonly faults: readonly string[] } {
  const resolve = (reference: string) => lookUp(json, reference) as JsonSchema | undefined;
  const dangling = danglingReferences(json, resolve);
  const parsed = documentShape.safeParse(follow(json, resolve));
  if (!parsed.success) {
    return {
      document: { operations: [], otherRules: [], resolve },
      faults: [...parsed.error.issues.map(faultOf), ...dangling],
    };
  }
  const operations = operationsOf(parsed.data.paths);
  const otherRules = parsed.data['x-rules'];
  return {
    document: { operations, otherRules, resolve },
    faults: [...dangling, ...operations.flatMap(placeholderFaults)],
  };
}

const schemaShape = z.custom<JsonSchema>((value) => typeof value === 'boolean' || isObject(value), 'must be a schema');
const mediaShape = z.looseObject({ schema: schemaShape.optional() });
const contentShape = z.record(z.string().includes('/'), mediaShape);
const parameterShape = z.looseObject({
  name: z.string().min(1),
  in: z.enum(['path', 'query', 'header', 'cookie']),
  required: z.boolean().default(false),
  schema: schemaShape,
  description: z.string().optional(),
});
const ruleShape = z.looseObject({ status: z.int().min(401).max(499), why: z.string().min(1) });
const operationShape = z.looseObject({
  'x-rules': z.array(ruleShape).default([]),
  operationId: z.string().min(1).optional(),
  security: z.array(z.record(z.string(), z.array(z.string()))).optional(),
  parameters: z.array(parameterShape).default([]),
  requestBody: z.looseObject({ required: z.boolean().default(false), content: contentShape }).optional(),
  responses: z
    .record(
      z.string().regex(/^([1-5](\d\d|XX)|default)$/),
      z.looseObject({ description: z.string(), content: contentShape.default({}) }),
    )
    .refine((responses) => Object.keys(responses).length > 0, 'must document an answer'),
});
const METHODS = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace'] as const;
const pathShape = z.looseObject({
  parameters: z.array(parameterShape).default([]),
  ...Object.fromEntries(METHODS.map((method) => [method, operationShape.optional()])),
});
const documentShape = z
  .looseObject({
    openapi: z.string().regex(/^3\.1\.\d+$/, 'must be 3.1'),
    info: z.looseObject({ title: z.string().min(1), version: z.string().min(1) }),
    paths: z.record(z.string().startsWith('/'), pathShape),
    'x-rules': z.array(ruleShape.extend({ operation: z.string() })).default([]),
  })
  .superRefine((document, context) => {
    for (const id of repeatedIds(document.paths)) {
      context.addIssue({ code: 'custom', path: ['paths'], message: `operationId ${id} is used twice` });
    }
  });

type Paths = z.infer<typeof documentShape>['paths'];

function operationsOf(paths: Paths): Operation[] {
  return Object.entries(paths).flatMap(([path, item]) =>
    eachOperation(item).map(([method, operation]) => {
      const body = operation.requestBody?.content['application/json'];
      return {
        id: `${method.toUpperCase()} ${path}`,
        method: method.toUpperCase(),
        path,
        parameters: [...item.parameters, ...operation.parameters],
        ...(operation.security && isLocked(operation.security) ? { needsToken: true } : {}),
        rules: operation['x-rules'].map(({ status, why }) => ({ status, why })),
        body: body && { required: operation.requestBody?.required ?? false, schema: body.schema ?? true },
        answers: Object.fromEntries(
          Object.entries(operation.responses).map(([status, { content }]) => [
            status,
            Object.fromEntries(Object.entries(content).map(([type, media]) => [type, media.schema ?? true])),
          ]),
        ),
      };
    }),
  );
}

/** `{}` among the ways in is a way in for everybody. */
function isLocked(security: readonly Readonly<Record<string, unknown>>[]): boolean {
  return security.length > 0 && security.every((way) => Object.keys(way).length > 0);
}

function eachOperation(item: Paths[string]): [string, z.infer<typeof operationShape>][] {
  return METHODS.flatMap((method) => {
    const operation = item[method] as z.infer<typeof operationShape> | undefined;
    return operation ? [[method, operation] as [string, z.infer<typeof operationShape>]] : [];
  });
}

function repeatedIds(paths: Paths): string[] {
  const ids = Object.values(paths).flatMap((item) =>
    eachOperation(item).flatMap(([, operation]) => operation.operationId ?? []),
  );
  return ids.filter((id, index) => ids.indexOf(id) !== index);
}

/** Every `{placeholder}` of a path needs a path parameter of its name, and the other way round. */
function placeholderFaults(operation: Operation): string[] {
  const placeholders = [...operation.path.matchAll(/\{([^}]+)\}/g)].map(([, name]) => name);
  const names = operation.parameters.filter((parameter) => parameter.in === 'path').map(({ name }) => name);
  return [
    ...placeholders
      .filter((name) => !names.includes(name ?? ''))
      .map((name) => `${operation.id}: {${name}} is not declared`),
    ...names
      .filter((name) => !placeholders.includes(name))
      .map((name) => `${operation.id}: ${name} is not in the path`),
  ];
}

function faultOf(issue: z.core.$ZodIssue): string {
  return `${issue.path.map(String).join(' › ') || 'document'}: ${issue.message}`;
}

function danglingReferences(value: unknown, resolve: (reference: string) => unknown): string[] {
  if (Array.isArray(value)) return value.flatMap((item) => danglingReferences(item, resolve));
  if (!isObject(value)) return [];
  const own = typeof value['$ref'] === 'string' && resolve(value['$ref']) === undefined ? [value['$ref']] : [];
  return [
    ...own.map((reference) => `${reference} leads nowhere`),
    ...Object.values(value).flatMap((inner) => danglingReferences(inner, resolve)),
  ];
}

/** Replaces references outside of schemas, where what they point at has a shape of its own (parameters, answers). */
function follow(value: unknown, resolve: (reference: string) => unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => follow(item, resolve));
  if (!isObject(value)) return value;
  if (typeof value['$ref'] === 'string' && !value['$ref'].startsWith('#/components/schemas/')) {
    return follow(resolve(value['$ref']), resolve);
  }
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key,
      key === 'schema' || key === 'schemas' ? inner : follow(inner, resolve),
    ]),
  );
}

/** What a local reference (`#/components/schemas/User`) points at. */
function lookUp(json: unknown, reference: string): unknown {
  if (!reference.startsWith('#/')) return undefined;
  let found = json;
  for (const part of reference.slice(2).split('/')) {
    const key = decodeURIComponent(part).replaceAll('~1', '/').replaceAll('~0', '~');
    found = isObject(found) && Object.hasOwn(found, key) ? found[key] : undefined;
  }
  return found;
}
