import { documentFaults, generalFaults } from './answer-checks.ts';
import type { Redactor } from '../domain/redactor.ts';
import type { ApiDocument, Operation } from './api-document.ts';
import { HttpClient, type HttpAnswer, type HttpRequest } from './http-client.ts';

/** What goes into one call of an operation; `raw` takes the place of `json` for a body that is none. */
export interface CallInput {
  /** By placeholder; encoded by the prober. */
  readonly path?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly json?: unknown;
  readonly raw?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A request whose answer was not what it had to be. */
interface Fault {
  readonly request: string;
  readonly expected: string;
  readonly found: string;
}

/** Texts in evidence are cut to this many characters. */
const CUT = 300;
const KEPT_FAULTS = 60;
/** Of faults of one kind these many are kept, and for one path: the same cause shows in many requests. */
const KEPT_OF_A_KIND = 6;
const KEPT_OF_A_KIND_AND_PATH = 2;

/**
 * Calls the operations of a running backend and holds every answer to the document and to what no answer may do.
 * Remembers each breach and how often which operation gave which status.
 */
export class Prober {
  readonly document: ApiDocument;
  readonly #client: HttpClient;
  readonly #signal: AbortSignal;
  readonly #redactor: Redactor;
  readonly #faults: Fault[] = [];
  readonly #notes: string[] = [];
  readonly #kinds = new Map<string, number>();
  readonly #statuses = new Map<string, Map<number, number>>();
  readonly #byRule = new WeakSet<HttpAnswer>();
  readonly #headers: Readonly<Record<string, string>>;
  #requests = 0;
  #faultCount = 0;

  /** The redactor knows what no answer may hold; the headers go with every call that does not say otherwise. */
  constructor(
    url: string,
    document: ApiDocument,
    signal: AbortSignal,
    redactor: Redactor,
    headers: Readonly<Record<string, string>> = {},
  ) {
    this.document = document;
    this.#client = new HttpClient(url);
    this.#signal = signal;
    this.#redactor = redactor;
    this.#headers = headers;
  }

  async call(operation: Operation, input: CallInput = {}): Promise<HttpAnswer> {
    const answer = await this.#exchange(requestOf(operation, input));
    this.#count(operation.id, answer.status);
    if (operation.rules.some(({ status }) => status === answer.status)) this.#byRule.add(answer);
    for (const expected of documentFaults(answer, operation, this.document)) this.fault(answer, expected);
    for (const expected of generalFaults(answer, '501' in operation.answers)) this.fault(answer, expected);
    return answer;
  }

  /** Sends what no document knows of; only what no answer may do is checked. */
  async send(request: HttpRequest): Promise<HttpAnswer> {
    const answer = await this.#exchange(request);
    for (const expected of generalFaults(answer)) this.fault(answer, expected);
    return answer;
  }

  /** Sends it and leaves the answer to the caller to judge, but for secrets in it. */
  sendUnchecked(request: HttpRequest): Promise<HttpAnswer> {
    return this.#exchange(request);
  }

  /**
   * Notes a fault unless the expectation holds or a declared rule of the operation has refused; passes on whether it
   * holds. What rules refuse, and that they do not always, is for the suite to prove.
   */
  expect(answer: HttpAnswer, holds: boolean, expected: string): boolean {
    if (!holds && !this.isByRule(answer)) this.fault(answer, expected);
    return holds;
  }

  /** Whether its status is the one of a rule that is declared for the operation. */
  isByRule(answer: HttpAnswer): boolean {
    return this.#byRule.has(answer);
  }

  fault(answer: HttpAnswer, expected: string): void {
    this.#faultCount += 1;
    const fault = { request: describeRequest(answer.request), expected, found: describeAnswer(answer) };
    if (this.#isNews(answer.request, expected)) this.#faults.push(fault);
  }

  /** A fault that no single answer shows. */
  note(line: string): void {
    this.#faultCount += 1;
    this.#notes.push(line);
  }

  /** The first faults, a line each: `POST /v1/users {"email":1}: expected 400; found 500 {…}`. */
  faultLines(): string[] {
    const faults = this.#faults.map(
      ({ request, expected, found }) => `${request}: expected ${expected}; found ${found}`,
    );
    return [...faults, ...this.#notes.slice(0, KEPT_FAULTS)];
  }

  get requestCount(): number {
    return this.#requests;
  }

  get faultCount(): number {
    return this.#faultCount;
  }

  /** By the operation's id. */
  get statuses(): ReadonlyMap<string, ReadonlyMap<number, number>> {
    return this.#statuses;
  }

  statusesOf(operation: Operation): ReadonlyMap<number, number> {
    return this.#statuses.get(operation.id) ?? new Map();
  }

  close(): void {
    this.#client.close();
  }

  #isNews(request: HttpRequest, expected: string): boolean {
    const kind = expected.split(/[:(,]/)[0] ?? '';
    const path = `${kind} ${request.method} ${request.path.split(/[/?]/).slice(1, 3).join('/')}`;
    const seen = (key: string) => {
      const count = (this.#kinds.get(key) ?? 0) + 1;
      this.#kinds.set(key, count);
      return count;
    };
    return this.#faults.length < KEPT_FAULTS && seen(path) <= KEPT_OF_A_KIND_AND_PATH && seen(kind) <= KEPT_OF_A_KIND;
  }

  async #exchange(request: HttpRequest): Promise<HttpAnswer> {
    this.#requests += 1;
    const headers = { ...this.#headers, ...request.headers };
    const answer = await this.#client.send({ ...request, headers }, this.#signal);
    if (this.#redactor.redact(answer.text) !== answer.text) this.fault(answer, 'no secret in the answer');
    return answer;
  }

  #count(id: string, status: number): void {
    const statuses = this.#statuses.get(id) ?? new Map<number, number>();
    statuses.set(status, (statuses.get(status) ?? 0) + 1);
    this.#statuses.set(id, statuses);
  }
}

function requestOf(operation: Operation, input: CallInput): HttpRequest {
  const path = operation.path.replaceAll(/\{([^}]+)\}/g, (_, name: string) =>
    encodeURIComponent(input.path?.[name] ?? ''),
  );
  const query = new URLSearchParams(input.query).toString();
  const body = input.raw ?? (input.json === undefined ? undefined : JSON.stringify(input.json));
  const type: Record<string, string> = body === undefined ? {} : { 'content-type': 'application/json' };
  return {
    method: operation.method,
    path: query === '' ? path : `${path}?${query}`,
    headers: { accept: 'application/json', ...type, ...input.headers },
    body,
  };
}

function describeRequest(request: HttpRequest): string {
  return [request.method, cut(request.path, 160), cut(request.body ?? '')].join(' ').trimEnd();
}

function describeAnswer(answer: HttpAnswer): string {
  return answer.status === 0 ? answer.text : `${answer.status} ${cut(answer.text)}`.trimEnd();
}

function cut(text: string, length = CUT): string {
  const line = text.replaceAll(/\p{Cc}+/gu, ' ').toWellFormed();
  return line.length > length ? `${line.slice(0, length)}…` : line;
}
