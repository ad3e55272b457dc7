// Every call that the page makes is one of the documented HTTP API (/docs), with the caller's key.

const KEY = 'turbobackend-key';

/** What the service answered instead of what was asked for (RFC 9457). */
export class Problem extends Error {
  readonly status: number;
  readonly code: string;
  readonly fix: string;

  constructor({ status, code, detail, fix }: { status: number; code: string; detail: string; fix: string }) {
    super(detail);
    this.name = 'Problem';
    this.status = status;
    this.code = code;
    this.fix = fix;
  }
}

export function keepKey(key: string): void {
  if (key === '') sessionStorage.removeItem(KEY);
  else sessionStorage.setItem(KEY, key);
}

export function hasKey(): boolean {
  return sessionStorage.getItem(KEY) !== null;
}

/** Rejects with a `Problem`: also, with status 0, when there was no answer. */
export async function call<T>(
  method: 'GET' | 'POST' | 'DELETE',
  path: string,
  body?: unknown,
  signal?: AbortSignal,
): Promise<T> {
  const response = await send(method, path, body, signal);
  return (await response.json()) as T;
}

async function send(method: string, path: string, body: unknown, signal?: AbortSignal): Promise<Response> {
  const key = sessionStorage.getItem(KEY);
  const response = await fetch(path, {
    method,
    headers: {
      ...(key === null ? {} : { authorization: `Bearer ${key}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    ...(signal ? { signal } : {}),
  }).catch((error: unknown) => {
    if (signal?.aborted) throw error;
    throw new Problem({
      status: 0,
      code: 'UNREACHABLE',
      detail: 'The service does not answer.',
      fix: 'Is `turbobackend serve` still running?',
    });
  });
  if (response.ok) return response;
  throw await problemIn(response);
}

async function problemIn(response: Response): Promise<Problem> {
  const given = (await response.json().catch(() => ({}))) as Partial<Problem> & { detail?: string };
  return new Problem({
    status: response.status,
    code: given.code ?? 'INTERNAL',
    detail: given.detail ?? `The service answered ${response.status}.`,
    fix: given.fix ?? '',
  });
}

/** What is known of a run as it happens: an event of its log. */
export interface RunEvent {
  readonly seq: number;
  readonly type: string;
  readonly percent: number;
  readonly atMs: number;
  readonly phase?: string;
  readonly status?: string;
  readonly message?: string;
  readonly durationMs?: number;
}

const AGAIN_MS = 1000;

/** Every event once and in order; a stream that is cut is taken up where it was. Ends with the run. */
export async function watchRun(runId: string, onEvent: (event: RunEvent) => void, signal: AbortSignal): Promise<void> {
  let seq = 0;
  for (;;) {
    try {
      const response = await send(
        'GET',
        `/v1/runs/${encodeURIComponent(runId)}/events?format=ndjson&after=${seq}`,
        undefined,
        signal,
      );
      if (response.status === 204) return;
      for await (const line of linesOf(response)) {
        const event = JSON.parse(line) as RunEvent;
        seq = event.seq;
        onEvent(event);
        if (event.type === 'run-ended') return;
      }
    } catch (error) {
      if (signal.aborted) return;
      if (error instanceof Problem && error.status >= 400 && error.status < 500) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
    if (signal.aborted) return;
  }
}

async function* linesOf(response: Response): AsyncGenerator<string> {
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  for (;;) {
    const { done, value } = (await reader?.read()) ?? { done: true, value: undefined };
    if (done) return;
    const lines = (rest + value).split('\n');
    rest = lines.pop() ?? '';
    yield* lines.filter((line) => line !== '');
  }
}
