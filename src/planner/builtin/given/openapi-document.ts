import { parse } from 'yaml';
import { findJson } from './json-sample.ts';

/** Any object of a parsed JSON or YAML document. */
export type Tree = Readonly<Record<string, unknown>>;

const HEAD = /^\s*["']?(?:openapi|swagger)["']?\s*:\s*["']?\d/im;

/** The OpenAPI or Swagger document in a text, as JSON or YAML; undefined when there is none that can be read. */
export function findApiDocument(text: string): Tree | undefined {
  if (!/["']?(?:openapi|swagger)["']?\s*:/i.test(text)) return undefined;
  const json = findJson(text);
  if (isTree(json) && ('openapi' in json || 'swagger' in json)) return json;
  const from = text.search(HEAD);
  return from === -1 ? undefined : parseYaml(text.slice(from));
}

/** YAML up to where prose goes on: line by line less, until it can be read. */
function parseYaml(text: string): Tree | undefined {
  const lines = text.replace(/\n```[\s\S]*$/, '').split('\n');
  for (let end = lines.length; end > 0; end--) {
    try {
      const value: unknown = parse(lines.slice(0, end).join('\n'), { logLevel: 'silent' });
      if (isTree(value)) return value;
    } catch {
      // Prose behind the document: one line less is tried.
    }
  }
  return undefined;
}

export function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function branch(tree: unknown, ...keys: readonly string[]): Tree | undefined {
  const value = keys.reduce<unknown>((at, key) => (isTree(at) && Object.hasOwn(at, key) ? at[key] : undefined), tree);
  return isTree(value) ? value : undefined;
}

/** What is kept behind an API, by its paths: `/posts/{postId}/comments` is a collection of comments, inside posts. */
export interface Collection {
  /** As the path says it: `comments`. */
  readonly name: string;
  /** The collection around it. */
  readonly parent: string | undefined;
  /** The names of the component schemas that it takes and answers with. */
  readonly schemas: readonly string[];
}

/**
 * Collections that a document's paths read again: by an id in the path, or by a GET beside a POST. Empty for an API that only
 * turns what it is sent into an answer.
 */
export function collectionsOf(document: Tree): Collection[] {
  const paths = Object.entries(branch(document, 'paths') ?? {}).flatMap(([path, item]) =>
    isTree(item) ? [{ parts: partsOf(path), item }] : [],
  );
  const all = paths.flatMap(({ parts }) =>
    parts.flatMap((part, at) => (isParameter(part) ? [] : [parts.slice(0, at + 1)])),
  );
  const unique = [...new Map(all.map((parts) => [parts.join('/'), parts])).values()];
  return unique.flatMap((parts) => {
    const own = paths.filter((path) => path.parts.join('/') === parts.join('/'));
    const item = paths.filter(
      ({ parts: other }) =>
        other.length === parts.length + 1 &&
        isParameter(other.at(-1)) &&
        other.join('/').startsWith(`${parts.join('/')}/`),
    );
    if (
      !isKept(
        own.map((one) => one.item),
        item.map((one) => one.item),
        parts,
      )
    )
      return [];
    const schemas = [...own, ...item].flatMap((path) => schemaNames(path.item));
    const parent = parts.slice(0, -1).findLast((part, at) => !isParameter(part) && isParameter(parts[at + 1]));
    return [{ name: parts.at(-1) ?? '', parent, schemas: [...new Set(schemas)] }];
  });
}

const METHODS = ['get', 'post', 'put', 'patch', 'delete'];

function isKept(own: readonly Tree[], items: readonly Tree[], parts: readonly string[]): boolean {
  if (
    !/^[a-z][\w-]*$/i.test(parts.at(-1) ?? '') ||
    /^(?:v\d+|api|auth|login|logout|search|me|health)$/i.test(parts.at(-1) ?? '')
  )
    return false;
  const has = (trees: readonly Tree[], method: string) => trees.some((tree) => method in tree);
  if (items.length > 0)
    return (
      has(items, 'put') ||
      has(items, 'patch') ||
      has(items, 'delete') ||
      has(own, 'post') ||
      (has(own, 'get') && has(items, 'get'))
    );
  return has(own, 'get') && has(own, 'post');
}

function partsOf(path: string): string[] {
  return path.split('/').filter(Boolean);
}

function isParameter(part: string | undefined): boolean {
  return /^(?:\{.*\}|:\w+)$/.test(part ?? '');
}

/** The component schemas that a path's operations name, wherever they stand. */
function schemaNames(item: Tree): string[] {
  return METHODS.flatMap((method) => (isTree(item[method]) ? referencesIn(item[method]) : []));
}

function referencesIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(referencesIn);
  if (!isTree(value)) return [];
  const reference = value['$ref'];
  const own = typeof reference === 'string' && /schemas|definitions/.test(reference) ? [lastOf(reference)] : [];
  return [...own, ...Object.values(value).flatMap(referencesIn)];
}

export function lastOf(reference: string): string {
  return reference.split('/').at(-1) ?? '';
}
