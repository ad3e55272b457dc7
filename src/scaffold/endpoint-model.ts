import type { EndpointField, EndpointSketch } from '../domain/schema-design.ts';
import type { JsonSchema } from './backend/http/json-schema.ts';
import type { DocumentedRoute, Operation } from './backend/http/openapi.ts';
import { proseLine } from './code-text.ts';
import { wordsOf } from '../domain/table-names.ts';

/** An endpoint of a backend without a database, with all that is decided about it. */
export interface EndpointModel {
  readonly sketch: EndpointSketch;
  /** `convert-currency`: its file. */
  readonly file: string;
  /** `ConvertCurrency`: what its file's names are made of. */
  readonly name: string;
  readonly route: DocumentedRoute;
}

/** Endpoints that can be served side by side: what two sketches share goes to the first. */
export function modelEndpoints(sketches: readonly EndpointSketch[]): readonly EndpointModel[] {
  const routes = new Set(OWN_PATHS.map((path) => `GET ${path}`));
  const files = new Set<string>();
  return sketches.flatMap((sketch) => {
    const url = routePath(sketch.path);
    const route = `${sketch.method} ${url.replace(/:\w+/g, ':')}`;
    if (routes.has(route)) return [];
    routes.add(route);
    return [modelEndpoint(sketch, url, freeName(sketch, url, files))];
  });
}

const OWN_PATHS = ['/healthz', '/readyz', '/docs', '/openapi.json'];

function modelEndpoint(sketch: EndpointSketch, url: string, words: readonly string[]): EndpointModel {
  const name = words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('');
  const operation = operationOf(sketch, url, name);
  return { sketch, file: words.join('-'), name, route: { method: sketch.method, url, operation } };
}

/** `/rates/{from}/to` as Fastify has it, without letters that mean something to it. */
function routePath(path: string): string {
  const segments = path
    .split('/')
    .filter(Boolean)
    .map((segment) => {
      const parameter = /^(?::(.+)|\{(.+)\}|<(.+)>)$/.exec(segment);
      if (parameter) return `:${wordsOf(parameter[1] ?? parameter[2] ?? parameter[3] ?? '').join('_') || 'value'}`;
      return segment.replace(/[^A-Za-z0-9._~-]+/g, '-');
    });
  return `/${segments.join('/')}`;
}

function freeName(sketch: EndpointSketch, url: string, taken: Set<string>): readonly string[] {
  const fromPath = wordsOf(url.replaceAll(':', 'by '));
  const words = fromPath.length > 0 && !/^\d/.test(fromPath[0] ?? '') ? fromPath : ['endpoint', ...fromPath];
  const candidates = [words, [sketch.method.toLowerCase(), ...words]];
  for (let number = 2; ; number++) {
    const free = candidates.find((candidate) => !taken.has(candidate.join('')));
    if (free) {
      taken.add(free.join(''));
      return free;
    }
    candidates.push([...words, String(number)]);
  }
}

function operationOf(sketch: EndpointSketch, url: string, name: string): Operation {
  const inPath = new Set([...url.matchAll(/:(\w+)/g)].map(([, parameter = '']) => parameter));
  const others = sketch.inputs.filter((field) => !inPath.has(field.name));
  return {
    tags: ['endpoints'],
    summary: proseLine(sketch.summary),
    operationId: name.charAt(0).toLowerCase() + name.slice(1),
    ...(inPath.size > 0 ? { params: pathSchema([...inPath], sketch.inputs) } : {}),
    ...(sketch.method === 'GET' ? { querystring: objectSchema(others) } : {}),
    ...(sketch.method === 'POST'
      ? { body: { title: `${name}Request`, ...objectSchema(others), additionalProperties: false } }
      : {}),
    response: { 200: { title: `${name}Response`, ...objectSchema(sketch.outputs) } },
    problems: sketch.method === 'POST' ? [400, 413, 415, 501] : [400, 501],
  };
}

function pathSchema(names: readonly string[], inputs: readonly EndpointField[]): JsonSchema {
  const properties = names.map((name) => {
    const field = inputs.find((input) => input.name === name);
    return [name, field ? fieldSchema(field) : { type: 'string' }] as const;
  });
  return { type: 'object', required: names, properties: Object.fromEntries(properties) };
}

function objectSchema(fields: readonly EndpointField[]): JsonSchema {
  const known = fields.filter((field) => field.name !== '__proto__');
  return {
    type: 'object',
    required: known.filter((field) => field.required).map((field) => field.name),
    properties: Object.fromEntries(known.map((field) => [field.name, fieldSchema(field)])),
  };
}

function fieldSchema(field: EndpointField): JsonSchema {
  return { type: field.type, ...(field.description ? { description: proseLine(field.description) } : {}) };
}
