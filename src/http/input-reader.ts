import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { TurboError } from '../domain/errors.ts';
import type { Operation } from '../operations/operation.ts';

type Kind = 'text' | 'number' | 'list';

/**
 * How a request becomes an operation's input: fields of the path and, by method, of the query or the body. What is
 * amiss with them the operation's schema says; here text only becomes numbers and lists where the schema has those.
 */
export function inputReader({ input, http }: Operation): (request: FastifyRequest) => Record<string, unknown> {
  if (http.method === 'POST') {
    return ({ body, params }) => ({ ...readObject(body), ...(params as object) });
  }
  const kinds = kindsOf(input);
  return ({ query, params }) => readTexts({ ...(query as object), ...(params as object) }, kinds);
}

function readObject(body: unknown): object {
  if (body === undefined || body === null) return {};
  if (typeof body === 'object' && !Array.isArray(body)) return body;
  throw new TurboError('USAGE', 'The body is not a JSON object');
}

function kindsOf(input: z.ZodObject): ReadonlyMap<string, Kind> {
  const { properties = {} } = z.toJSONSchema(input, { io: 'input' });
  return new Map(
    Object.entries(properties).map(([name, schema]) => {
      const type = typeof schema === 'object' ? schema.type : undefined;
      return [name, type === 'array' ? 'list' : type === 'integer' || type === 'number' ? 'number' : 'text'];
    }),
  );
}

function readTexts(texts: Record<string, unknown>, kinds: ReadonlyMap<string, Kind>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(texts).map(([name, value]) => [name, readValue(value, kinds.get(name))]));
}

function readValue(value: unknown, kind: Kind | undefined): unknown {
  if (kind === 'list') return Array.isArray(value) ? value : [value];
  if (kind === 'number' && typeof value === 'string' && /^-?\d+(?:\.\d+)?$/.test(value)) return Number(value);
  return value;
}
