import type { JsonSchema } from '../http/json-schema.ts';
import type { DocumentedRoute, Operation } from '../http/openapi.ts';

/** An operation that may ask for a token: one of these has to be fulfilled; `{}` by everybody. */
export interface SecuredOperation extends Operation {
  readonly security?: readonly Readonly<Record<string, readonly string[]>>[];
}

const TOKEN = { token: [] };

/** The operation with the token that it takes, and what is answered without the right one. */
export function secured(operation: Operation, isOpenToAll: boolean): SecuredOperation {
  const refusals = isOpenToAll ? [401] : [401, 403];
  return {
    ...operation,
    security: isOpenToAll ? [{}, TOKEN] : [TOKEN],
    problems: [...new Set([...(operation.problems ?? []), ...refusals])].toSorted((a, b) => a - b),
  };
}

/** The document with what each of its routes asks for. */
export function withSecurity(document: JsonSchema, routes: readonly DocumentedRoute[]): JsonSchema {
  const paths = structuredClone(document['paths']) as Record<string, Record<string, object>>;
  for (const { method, url, operation } of routes) {
    const methods = paths[url.replace(/:(\w+)/g, '{$1}')] ?? {};
    const { security } = operation as SecuredOperation;
    if (security) methods[method.toLowerCase()] = { ...methods[method.toLowerCase()], security };
  }
  const token = { type: 'http', scheme: 'bearer', description: 'From POST /v1/auth/login, or an API key.' };
  const components = { ...(document['components'] as object), securitySchemes: { token } };
  return { ...document, paths, components };
}
