import type { FastifyRequest } from 'fastify';
import { isStorable } from './read-json.ts';
import { Problem, type Complaint } from '../problem.ts';

interface Inputs {
  readonly body?: unknown;
  readonly params?: ParameterSchema;
  readonly querystring?: ParameterSchema;
}

interface ParameterSchema {
  readonly required: readonly string[];
  readonly properties: Readonly<Record<string, { readonly type: string }>>;
}

/**
 * A request's body, query and path as one object, texts of the URL turned into what they stand for.
 * Throws a 400 that names each parameter that is wrong.
 */
export function readInput({ params, querystring }: Inputs, request: FastifyRequest): unknown {
  const complaints: Complaint[] = [];
  const input = {
    ...(request.body as object | undefined),
    ...(querystring ? readParameters(querystring, request.query, complaints) : {}),
    ...(params ? readParameters(params, request.params, complaints) : {}),
  };
  if (complaints.length > 0) throw new Problem(400, 'The parameters are not as documented.', complaints);
  return input;
}

function readParameters(schema: ParameterSchema, given: unknown, complaints: Complaint[]): object {
  const texts = new Map(Object.entries(given as Record<string, string | string[]>));
  for (const name of texts.keys()) {
    if (!Object.hasOwn(schema.properties, name)) complaints.push({ parameter: name, detail: 'is no parameter here' });
  }
  for (const name of schema.required) {
    if (!texts.has(name)) complaints.push({ parameter: name, detail: 'is required' });
  }
  const values = Object.entries(schema.properties).flatMap(([name, { type }]) => {
    const text = texts.get(name);
    if (text === undefined) return [];
    const value = READERS[type]?.(text);
    if (value === undefined) complaints.push({ parameter: name, detail: `must be of type ${type}` });
    return [[name, value] as const];
  });
  return Object.fromEntries(values);
}

type Reader = (text: string | string[]) => unknown;

/** By type; undefined for a text that is none. */
const READERS: Readonly<Record<string, Reader>> = {
  string: (text) => (typeof text === 'string' && isStorable(text) ? text : undefined),
  number: (text) => readNumber(text),
  integer: (text) => (Number.isSafeInteger(readNumber(text)) ? readNumber(text) : undefined),
  boolean: (text) => (text === 'true' || text === 'false' ? text === 'true' : undefined),
  array: (text) => [text].flat().flatMap((item) => item.split(',')),
  object: (text) => readObject(text),
};

function readNumber(text: string | string[]): number | undefined {
  return typeof text === 'string' && /^-?\d+(\.\d+)?(e[+-]?\d{1,3})?$/i.test(text) ? Number(text) : undefined;
}

function readObject(text: string | string[]): unknown {
  try {
    const value: unknown = JSON.parse(String(text));
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
