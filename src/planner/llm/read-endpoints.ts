import { z } from 'zod';
import type { EndpointField, EndpointSketch } from '../../domain/schema-design.ts';
import { lineOf, withPlainKeys } from './read-text.ts';

const MOST_ENDPOINTS = 12;
const MOST_FIELDS = 40;

const TYPES = ['string', 'number', 'integer', 'boolean', 'array', 'object'] as const;

const field: z.ZodType<EndpointField | undefined> = z.preprocess(
  withPlainKeys,
  z
    .object({
      name: z.string(),
      type: z.enum(TYPES).catch('string'),
      description: lineOf(300).catch(''),
      required: z.boolean().catch(true),
    })
    .transform((read) => {
      const name = snakeCase(read.name);
      return name === '' ? undefined : { ...read, name };
    }),
);

const fields = z
  .array(field)
  .catch([])
  .transform((read) => distinct(read.filter((one) => one !== undefined)).slice(0, MOST_FIELDS));

const endpoint: z.ZodType<EndpointSketch> = z.preprocess(
  withPlainKeys,
  z.object({
    method: z.preprocess((value) => (typeof value === 'string' ? method(value) : value), z.enum(['GET', 'POST'])),
    path: z.string().transform(plainPath),
    summary: lineOf(300).catch(''),
    inputs: fields,
    outputs: fields,
  }),
);

/** The model's endpoints; each route once. */
export const endpointsAnswer: z.ZodType<readonly EndpointSketch[]> = z.preprocess(
  (value) => (Array.isArray(value) ? { endpoints: value as unknown[] } : withPlainKeys(value)),
  z
    .object({ endpoints: z.array(endpoint).min(1, 'is empty: at least one endpoint is needed') })
    .transform(({ endpoints }) => {
      const byRoute = new Map(endpoints.toReversed().map((one) => [`${one.method} ${one.path}`, one]));
      return [...byRoute.values()].toReversed().slice(0, MOST_ENDPOINTS);
    }),
);

/** What changes nothing is served as a POST like the rest: a backend without data has nothing to PUT or DELETE. */
function method(name: string): string {
  const upper = name.trim().toUpperCase();
  return upper === 'PUT' || upper === 'PATCH' ? 'POST' : upper;
}

/** `/rates/:from` as `/rates/{from}`, without a host, a query or anything that means something to a router. */
function plainPath(path: string): string {
  const segments = path
    .replace(/^https?:\/\/[^/]*/i, '')
    .replace(/[?#].*$/, '')
    .split('/')
    .map((segment) => {
      const parameter = /^(?::(.+)|\{(.+)\}|<(.+)>)$/.exec(segment);
      if (parameter) return `{${snakeCase(parameter[1] ?? parameter[2] ?? parameter[3] ?? '') || 'value'}}`;
      return segment
        .toLowerCase()
        .replace(/[^a-z0-9._~-]+/g, '-')
        .replace(/^[-.]+|-+$/g, '');
    })
    .filter(Boolean);
  return `/${segments.slice(0, 6).join('/')}`;
}

function snakeCase(name: string): string {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '')
    .slice(0, 60);
}

function distinct(read: readonly EndpointField[]): readonly EndpointField[] {
  return [...new Map(read.map((one) => [one.name, one])).values()];
}
