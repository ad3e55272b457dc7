import { STATUS_CODES } from 'node:http';
import { z } from 'zod';
import { toldFailure } from '../domain/database-away.ts';
import { TurboError } from '../domain/errors.ts';
import { fixFor } from '../operations/door-fix.ts';

/** What went wrong with a call, by RFC 9457. */
export const problemShape = z.object({
  type: z.string().describe('Names the kind of problem'),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  instance: z.string().describe('The path that was called'),
  code: z.string().describe('The same in every door; docs/errors.md lists them'),
  fix: z.string().describe('What to do about it'),
  requestId: z.string(),
  errors: z
    .array(z.object({ pointer: z.string().describe('Where in the input, as a JSON pointer'), detail: z.string() }))
    .optional(),
});

export type Problem = z.output<typeof problemShape>;

/** Any error as a problem. What we did not foresee tells its caller nothing. */
export function problemOf(error: unknown, request: { readonly id: string; readonly url: string }): Problem {
  const { code, status, detail, fix } = explain(toldFailure(error));
  const errors = error instanceof TurboError && error.cause instanceof z.ZodError ? complaints(error.cause) : undefined;
  return {
    type: `urn:turbobackend:problem:${code.toLowerCase().replaceAll('_', '-')}`,
    title: STATUS_CODES[status] ?? 'Problem',
    status,
    detail,
    instance: request.url.split('?')[0] ?? '',
    code,
    fix: fixFor('http', { code, fix }),
    requestId: request.id,
    ...(errors && { errors }),
  };
}

/** True for what nobody foresaw: the caller hears little, so the log must hear it all. */
export function isBug(error: unknown): boolean {
  return explain(toldFailure(error)).code === 'INTERNAL';
}

interface Explanation {
  readonly code: string;
  readonly status: number;
  readonly detail: string;
  readonly fix?: string | undefined;
}

function explain(error: unknown): Explanation {
  if (error instanceof TurboError) {
    return { code: error.code, status: error.status, detail: error.message, fix: error.fix };
  }
  const { statusCode, message, code } = (error ?? {}) as { statusCode?: number; message?: string; code?: string };
  // Fastify's own complaints about a request: too large, not JSON, no such type.
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500 && code?.startsWith('FST_')) {
    return { code: 'USAGE', status: statusCode, detail: message ?? 'The request cannot be read' };
  }
  if (statusCode === 400) return { code: 'USAGE', status: 400, detail: 'The body is not valid JSON' };
  return {
    code: 'INTERNAL',
    status: 500,
    detail: 'Something broke on our side',
    fix: 'Try again; if it stays, report it with the requestId.',
  };
}

function complaints(error: z.ZodError): Problem['errors'] {
  return error.issues.map(({ path, message }) => ({
    pointer: path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join(''),
    detail: message,
  }));
}
