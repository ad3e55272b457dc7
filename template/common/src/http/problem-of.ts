import { isRawNumber } from '../exact-json.ts';
import { escapePointer, Problem, type Complaint } from '../problem.ts';

/** What Fastify's errors have in common. */
interface FrameworkError {
  readonly statusCode?: number;
  readonly message: string;
  readonly validation?: readonly Violation[];
}

/** One violation of a JSON schema, as Ajv tells it. */
interface Violation {
  readonly instancePath: string;
  readonly keyword: string;
  readonly message?: string;
  readonly params: Readonly<Record<string, unknown>>;
  /** The value itself. */
  readonly data?: unknown;
}

/** Any error as a problem; what we did not foresee tells the client nothing. */
export function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error;
  const { statusCode, message, validation } = error as FrameworkError;
  if (validation) return new Problem(400, 'The request body is not as documented.', validation.map(complaintOf));
  if (statusCode === 414) return new Problem(414, 'A part of the path is too long.');
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500) return new Problem(statusCode, message);
  return new Problem(500, 'Something broke on our side.', [], error);
}

function complaintOf({ instancePath, keyword, message = 'is not valid', params, data }: Violation): Complaint {
  if (isRawNumber(data)) return { pointer: instancePath, detail: 'has more digits than the field can keep' };
  if (keyword === 'additionalProperties') {
    return at(instancePath, params['additionalProperty'], 'is not a field that can be set here');
  }
  if (keyword === 'required') return at(instancePath, params['missingProperty'], 'is required');
  if (keyword === 'enum') return { pointer: instancePath, detail: `must be one of ${list(params['allowedValues'])}` };
  if (keyword === 'minProperties') return { pointer: instancePath, detail: 'must have at least one field' };
  return { pointer: instancePath, detail: message };
}

function at(path: string, property: unknown, detail: string): Complaint {
  return { pointer: `${path}/${escapePointer(String(property))}`, detail };
}

function list(values: unknown): string {
  return Array.isArray(values) ? values.map((value) => JSON.stringify(value)).join(', ') : 'the documented values';
}
