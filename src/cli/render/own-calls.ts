/** As much of an OpenAPI document as a call is made of. */
interface Document {
  readonly paths?: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly security?: readonly unknown[];
  readonly components?: { readonly schemas?: Readonly<Record<string, Schema>> };
}

interface Operation {
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content?: Readonly<Record<string, { readonly schema?: Schema }>> };
  readonly security?: readonly unknown[];
  readonly responses?: Readonly<Record<string, unknown>>;
}

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly schema?: Schema;
}

interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly examples?: readonly unknown[];
  readonly enum?: readonly unknown[];
  readonly default?: unknown;
}

const OF_ITSELF: ReadonlySet<string> = new Set(['/healthz', '/readyz', '/docs', '/openapi.json', '/']);
const MOST = 3;

/** Calls of what a backend has beyond the collections of its tables: what a model wrote, or is to write. */
export function ownCalls(document: object, collections: ReadonlySet<string>, url: string): readonly string[] {
  const { paths = {}, security = [] } = document as Document;
  if (security.length > 0) return [];
  return Object.entries(paths)
    .filter(([path]) => !OF_ITSELF.has(path) && !isOfCollection(path, paths))
    .flatMap(([path, item]) =>
      Object.entries(item)
        .filter(([method, operation]) => isCallable(method, operation) && !collections.has(path))
        .map(([method, operation]) => callOf(method, path, operation, document as Document, url)),
    )
    .slice(0, MOST);
}

/** `/v1/posts` and what is below one of its rows: where rows are made there are tables, and no row is there yet. */
function isOfCollection(path: string, paths: NonNullable<Document['paths']>): boolean {
  const [, version = '', name = '', row] = path.split('/');
  const item = paths[`/${version}/${name}`];
  const isTable = item?.['get'] !== undefined && item['post'] !== undefined;
  return isTable && (row === undefined || row.startsWith('{'));
}

/** Without a row that has to be there and without a token. */
function isCallable(method: string, { parameters = [], security = [], responses = {} }: Operation): boolean {
  const needs = parameters.some(({ in: place, required }) => place === 'header' && required === true);
  return ['get', 'post'].includes(method) && !needs && security.length === 0 && !('401' in responses);
}

function callOf(method: string, path: string, operation: Operation, document: Document, url: string): string {
  const parameters = operation.parameters ?? [];
  const filled = path.replaceAll(/\{([^}]+)\}/g, (_, name: string) =>
    encodeURIComponent(String(sampleOf(parameters.find((one) => one.name === name)?.schema, document))),
  );
  const query = parameters
    .filter((one) => one.in === 'query' && one.required === true)
    .map(({ name, schema }) => `${encodeURIComponent(name)}=${encodeURIComponent(String(sampleOf(schema, document)))}`);
  const address = shellWord(`${url}${filled}${query.length > 0 ? `?${query.join('&')}` : ''}`);
  if (method === 'get') return `curl ${address}`;
  const schema = operation.requestBody?.content?.['application/json']?.schema;
  if (schema === undefined) return `curl -X POST ${address}`;
  const body = JSON.stringify(sampleOf(schema, document)).replaceAll("'", `'\\''`);
  return `curl ${address} -H 'content-type: application/json' -d '${body}'`;
}

function sampleOf(schema: Schema | undefined, document: Document, depth = 0): unknown {
  const known = follow(schema ?? {}, document);
  const given = known.examples?.[0] ?? known.enum?.[0] ?? known.default;
  if (given !== undefined) return given;
  switch ([known.type].flat()[0] ?? 'string') {
    case 'integer':
    case 'number':
      return 1;
    case 'boolean':
      return true;
    case 'array':
      return [];
    case 'object': {
      const names = depth > 4 ? [] : (known.required ?? []);
      return Object.fromEntries(names.map((name) => [name, sampleOf(known.properties?.[name], document, depth + 1)]));
    }
    default:
      return 'text';
  }
}

function follow(schema: Schema, { components }: Document): Schema {
  const name = schema.$ref?.split('/').at(-1);
  return name === undefined ? schema : (components?.schemas?.[name] ?? {});
}

/** A query holds characters that a shell would take for its own. */
function shellWord(address: string): string {
  return /[&?'()]/.test(address) ? `'${address}'` : address;
}
