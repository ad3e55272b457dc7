type Json = Readonly<Record<string, unknown>>;

interface Endpoint extends Json {
  readonly summary?: string;
  readonly parameters?: readonly { readonly name: string; readonly in: string; readonly required?: boolean }[];
  readonly requestBody?: { readonly content?: Readonly<Record<string, { readonly schema?: Json }>> };
  readonly responses?: Readonly<Record<string, object>>;
}

interface ApiDocument extends Json {
  readonly paths?: Readonly<Record<string, Readonly<Record<string, Endpoint>>>>;
  readonly components?: { readonly schemas?: Readonly<Record<string, Json>> };
}

/** An OpenAPI document in a line an endpoint and a line a schema of a body, for whoever pays for what they read. */
export function outlineOf(document: ApiDocument): string {
  const endpoints = Object.entries(document.paths ?? {}).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, endpoint]) => describeEndpoint(method, path, endpoint)),
  );
  const bodies = Object.entries(document.components?.schemas ?? {})
    .filter(([name]) => endpoints.some((line) => line.endsWith(` ${name}`)))
    .map(([name, schema]) => `${name}: ${describeSchema(schema)}`);
  return [...endpoints, '', ...bodies].join('\n');
}

/** `GET /v1/posts?author_id&limit&cursor  List the posts`, with its body's schema at the end. */
function describeEndpoint(
  method: string,
  path: string,
  { summary = '', parameters = [], requestBody }: Endpoint,
): string {
  const query = parameters
    .filter((parameter) => parameter.in === 'query')
    .map(({ name, required }) => (required ? `${name}=` : name));
  const [body] = Object.values(requestBody?.content ?? {});
  const address = query.length === 0 ? path : `${path}?${query.join('&')}`;
  return `${method.toUpperCase()} ${address}  ${summary}${body?.schema ? `; body ${typeOf(body.schema)}` : ''}`;
}

function describeSchema({ properties = {}, required = [] }: Json): string {
  const needed = required as readonly string[];
  return Object.entries(properties as Readonly<Record<string, Json>>)
    .map(([name, schema]) => `${name}${needed.includes(name) ? '' : '?'} ${typeOf(schema)}`)
    .join(', ');
}

function typeOf({ $ref: reference, type, format, enum: values, items }: Json): string {
  if (typeof reference === 'string') return reference.split('/').at(-1) ?? '';
  if (Array.isArray(values)) return values.map((value) => JSON.stringify(value)).join('|');
  if (items !== undefined && type === 'array') return `${typeOf(items as Json)}[]`;
  const types = Array.isArray(type) ? type.join('|') : typeof type === 'string' ? type : 'any';
  return typeof format === 'string' ? `${types}(${format})` : types;
}

/** The part of the document that tells of one path: its endpoints, what they answer when all is well, their schemas. */
export function partOf(document: ApiDocument, path: string): Json | undefined {
  const methods = document.paths?.[path];
  if (!methods) return undefined;
  const endpoints = Object.fromEntries(
    Object.entries(methods).map(([method, endpoint]) => [
      method,
      {
        ...endpoint,
        responses: Object.fromEntries(Object.entries(endpoint.responses ?? {}).filter(([status]) => status < '400')),
      },
    ]),
  );
  const schemas = document.components?.schemas ?? {};
  const needed = referencesIn(endpoints, schemas, new Set());
  return {
    paths: { [path]: endpoints },
    components: { schemas: Object.fromEntries(Object.entries(schemas).filter(([name]) => needed.has(name))) },
  };
}

/** The names of the schemas that a value refers to, and those to which these refer. */
function referencesIn(value: unknown, schemas: Readonly<Record<string, Json>>, found: Set<string>): Set<string> {
  for (const [, name = ''] of JSON.stringify(value).matchAll(/"#\/components\/schemas\/([^"]+)"/g)) {
    if (found.has(name)) continue;
    found.add(name);
    if (schemas[name]) referencesIn(schemas[name], schemas, found);
  }
  return found;
}
