import { ProviderError } from '../../cloud/provider-error.ts';
import type { Redactor } from '../../domain/redactor.ts';

/** The code of a `ProviderError` that says: later. */
export const RATE_LIMITED = 'rate_limited';

const LONGEST_TOLD = 500;

type Headers = Readonly<Record<string, string | number | undefined>>;

/** What octokit's errors are made of, as far as they say what went wrong. */
interface RequestFailure {
  readonly message: string;
  readonly cause?: { readonly code?: string; readonly message?: string; readonly cause?: RequestFailure['cause'] };
  readonly response?: { readonly status: number; readonly headers: Headers; readonly data: unknown };
}

/** Takes over what GitHub said, and nothing of the request, in which the token is. */
export function gitHubError(
  error: unknown,
  { apiUrl, redactor }: { readonly apiUrl: string; readonly redactor: Redactor },
): ProviderError {
  const { message, cause, response } = error as RequestFailure;
  if (!response) {
    const why = cause?.cause?.code ?? cause?.code ?? message;
    const told = redactor.redact(`GitHub cannot be reached at ${new URL(apiUrl).host} (${why})`);
    return new ProviderError(told, { provider: 'GitHub', mayBeDone: true });
  }
  const { status, headers, data } = response;
  const end = limitEnd(status, headers, data);
  const words = [problemOf(data), end === undefined ? '' : `it takes requests again ${end}`].filter(Boolean);
  const told = redactor.redact([`GitHub answered ${status}`, ...words].join(': ').slice(0, LONGEST_TOLD));
  return new ProviderError(told, {
    provider: 'GitHub',
    status,
    code: end === undefined ? undefined : RATE_LIMITED,
    mayBeDone: status >= 500 || status === 408,
  });
}

/** Milliseconds that a throttled request is to wait; undefined when GitHub names no time. */
export function waitAskedFor(status: number, headers: Headers): number | undefined {
  const text = String(headers['retry-after'] ?? '');
  if (text === '' || !isThrottled(status)) return undefined;
  if (/^\d+(?:\.\d+)?$/.test(text)) return Number(text) * 1000;
  const dateMs = Date.parse(text);
  return Number.isNaN(dateMs) ? undefined : Math.max(0, dateMs - Date.now());
}

/** When a limit ends, in words; undefined when none was hit. */
function limitEnd(status: number, headers: Headers, data: unknown): string | undefined {
  const isLimited = status === 429 || (status === 403 && /rate limit|abuse detection/i.test(problemOf(data)));
  const waitMs = waitAskedFor(status, headers);
  if (waitMs !== undefined) return timeOf(Date.now() + waitMs);
  if (isThrottled(status) && String(headers['x-ratelimit-remaining']) === '0') {
    return timeOf(Number(headers['x-ratelimit-reset']) * 1000);
  }
  return isLimited ? 'in some minutes' : undefined;
}

function timeOf(unixMs: number): string {
  const time = new Date(unixMs);
  return Number.isNaN(time.getTime()) ? 'in some minutes' : `at ${time.toISOString().replace(/\.\d+/, '')}`;
}

function isThrottled(status: number): boolean {
  return status === 403 || status === 429;
}

/** `Repository creation failed.: name already exists on this account` */
function problemOf(data: unknown): string {
  if (typeof data === 'string') return /^\s*</.test(data) ? '' : data.trim();
  if (typeof data !== 'object' || data === null) return '';
  const { message, errors } = data as { readonly message?: unknown; readonly errors?: unknown };
  const details = Array.isArray(errors) ? errors.map(detailOf) : [];
  return [message, ...details].filter((part) => typeof part === 'string' && part !== '').join(': ');
}

function detailOf(detail: unknown): string {
  if (typeof detail === 'string') return detail;
  const { message, field, code } = (detail ?? {}) as Readonly<Record<string, unknown>>;
  return typeof message === 'string' ? message : [field, code].filter((part) => typeof part === 'string').join(' ');
}
