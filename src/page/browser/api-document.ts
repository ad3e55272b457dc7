// The backend's own OpenAPI document, as far as the page reads it, and a call of that backend.

import { call } from './api.ts';

export interface ApiDocument {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components?: { readonly schemas?: Readonly<Record<string, JsonSchema>> };
  readonly security?: readonly object[];
}

export interface Operation {
  readonly summary?: string;
  readonly requestBody?: { readonly content?: Readonly<Record<string, { readonly schema?: JsonSchema }>> };
  readonly security?: readonly object[];
}

export interface JsonSchema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly enum?: readonly unknown[];
  readonly format?: string;
  readonly minimum?: number;
  readonly writeOnly?: boolean;
}

/** What the backend answered. */
export interface Answered {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly truncated: boolean;
}

export interface BackendRequest {
  /** In capitals. */
  readonly method: string;
  readonly path: string;
  readonly token: string;
  readonly body?: object | undefined;
}

/** Sends a request to the project's backend; whatever that answers is an answer. */
export function callBackend(project: string, { token, ...request }: BackendRequest): Promise<Answered> {
  const headers = token === '' ? {} : { headers: { authorization: `Bearer ${token}` } };
  return call<Answered>('POST', `/v1/projects/${encodeURIComponent(project)}/calls`, { ...request, ...headers });
}

export function resolved(schema: JsonSchema | undefined, document: ApiDocument): JsonSchema | undefined {
  const name = /^#\/components\/schemas\/(.+)$/.exec(schema?.$ref ?? '')?.[1];
  return name === undefined ? schema : document.components?.schemas?.[name];
}

/** The schema of the JSON that an operation takes; undefined when it takes none. */
export function bodyOf(operation: Operation | undefined, document: ApiDocument): JsonSchema | undefined {
  return resolved(operation?.requestBody?.content?.['application/json']?.schema, document);
}

/** How the backend's API adds a table's rows and changes one; what it does not offer is missing. */
export interface TableEndpoints {
  readonly add?: { readonly path: string; readonly body: JsonSchema; readonly needsToken: boolean };
  /** The path has the row's key in braces: `/v1/users/{id}`. */
  readonly change?: { readonly path: string; readonly body: JsonSchema; readonly needsToken: boolean };
  readonly remove?: { readonly path: string; readonly needsToken: boolean };
}

export function endpointsOf(table: string, document: ApiDocument): TableEndpoints {
  const collection = `/v1/${table.toLowerCase().replaceAll('_', '-')}`;
  const item = Object.keys(document.paths).find(
    (path) => path.startsWith(`${collection}/`) && /^(\/\{\w+\})+$/.test(path.slice(collection.length)),
  );
  const { post } = document.paths[collection] ?? {};
  const { patch, delete: remove } = document.paths[item ?? ''] ?? {};
  const newRow = bodyOf(post, document);
  const changes = bodyOf(patch, document);
  return {
    ...(newRow && { add: { path: collection, body: newRow, needsToken: needsToken(post, document) } }),
    ...(item !== undefined &&
      changes && { change: { path: item, body: changes, needsToken: needsToken(patch, document) } }),
    ...(item !== undefined && remove && { remove: { path: item, needsToken: needsToken(remove, document) } }),
  };
}

/** One that has an empty requirement among its own is open to everybody. */
function needsToken(operation: Operation | undefined, document: ApiDocument): boolean {
  const security = operation?.security ?? document.security ?? [];
  return security.length > 0 && security.every((requirement) => Object.keys(requirement).length > 0);
}

/** The path with the row's own key in it; undefined when the row does not tell it. */
export function pathOfRow(path: string, row: Readonly<Record<string, unknown>>): string | undefined {
  const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
  if (names.some((name) => row[name] === undefined || row[name] === null)) return undefined;
  return path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(row[name])));
}
