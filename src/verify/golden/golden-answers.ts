import type { HttpClient } from '../http-client.ts';
import { isObject } from '../json-schema.ts';
import { readApiDocument, type Operation } from '../api-document.ts';
import { inParallel } from '../in-parallel.ts';

/** A question to a backend that changes nothing: a GET of a documented path. */
export interface GoldenQuestion {
  /** `/v1/users/{id}/posts` */
  readonly template: string;
  /** For its placeholders, in order. */
  readonly values: readonly string[];
  /** The field that a list is sorted by. */
  readonly sort?: string | undefined;
  readonly page: 1 | 2;
}

export interface GoldenAnswer extends GoldenQuestion {
  readonly status: number;
  readonly body: unknown;
}

const ROWS_A_PAGE = 10;
const ITEMS_A_LIST = 4;
const SORTS_A_LIST = 6;
/** No key of ours. */
const NOBODY = 'there-is-none';
/** What a large API cannot be asked within it is not compared. */
const LONGEST_MS = 10_000;

/** Asks for lists, second pages, sorted lists, single rows, rows below them, and rows that there are not. */
export async function askGolden(client: HttpClient, signal: AbortSignal): Promise<readonly GoldenAnswer[]> {
  const served = await client.send({ method: 'GET', path: '/openapi.json' }, signal);
  const gets = readApiDocument(served.json).document.operations.filter(isAskable);
  const asking = new Asking(client, signal);
  await inParallel(
    gets.filter(({ path }) => !path.includes('{')),
    (list) => asking.askList(list),
  );
  await inParallel(
    gets.filter(({ path }) => path.includes('{')),
    (below) => asking.askBelow(below),
  );
  return asking.answers.toSorted((a, b) => (placeOf(a) < placeOf(b) ? -1 : 1));
}

/** Asks the same backend the same once more. */
export async function askAgain(
  client: HttpClient,
  answers: readonly GoldenAnswer[],
  signal: AbortSignal,
): Promise<readonly GoldenAnswer[]> {
  const cursors = new Map(answers.map((answer) => [keyOf(answer), cursorOf(answer.body)]));
  const again: GoldenAnswer[] = [];
  await inParallel(answers, async (answer) => {
    const cursor = answer.page === 2 ? cursors.get(keyOf({ ...answer, page: 1 })) : undefined;
    again.push(await sendQuestion(client, answer, cursor, signal));
  });
  return again;
}

function placeOf({ template, values, sort = '', page }: GoldenQuestion): string {
  return [template, sort, page, ...values].join(' ');
}

function isAskable({ method, path }: Operation): boolean {
  return method === 'GET' && !['/healthz', '/readyz', '/openapi.json', '/docs'].includes(path);
}

class Asking {
  readonly answers: GoldenAnswer[] = [];
  readonly #client: HttpClient;
  readonly #signal: AbortSignal;
  readonly #deadlineMs = performance.now() + LONGEST_MS;
  /** By the template of the list that they were found in. */
  readonly #rows = new Map<string, readonly Record<string, unknown>[]>();

  constructor(client: HttpClient, signal: AbortSignal) {
    this.#client = client;
    this.#signal = signal;
  }

  async askList({ path: template, parameters }: Operation): Promise<void> {
    const first = await this.#ask({ template, values: [], page: 1 });
    this.#rows.set(template, rowsOf(first?.body));
    const cursor = cursorOf(first?.body);
    if (cursor !== undefined) await this.#ask({ template, values: [], page: 2 }, cursor);
    const sorts = parameters.find(({ name }) => name === 'sort')?.schema;
    for (const sort of sortsOf(sorts).slice(0, SORTS_A_LIST)) {
      await this.#ask({ template, values: [], sort, page: 1 });
    }
  }

  async askBelow({ path: template }: Operation): Promise<void> {
    const placeholders = placeholdersOf(template);
    const list = template.slice(0, template.indexOf('/{'));
    const rows = this.#rows.get(list) ?? [];
    const chosen = rows.length > ITEMS_A_LIST ? [...rows.slice(0, ITEMS_A_LIST - 1), ...rows.slice(-1)] : rows;
    for (const row of chosen) {
      const values = placeholders.map((name) => row[name]);
      if (values.every(isKey)) await this.#ask({ template, values: values.map(String), page: 1 });
    }
    await this.#ask({ template, values: placeholders.map(() => NOBODY), page: 1 });
  }

  async #ask(question: GoldenQuestion, cursor?: string): Promise<GoldenAnswer | undefined> {
    if (performance.now() > this.#deadlineMs) return undefined;
    const answer = await sendQuestion(this.#client, question, cursor, this.#signal);
    this.answers.push(answer);
    return answer;
  }
}

/** Asks one question; `cursor` is the one that this very backend gave for the second page. */
export async function sendQuestion(
  client: HttpClient,
  question: GoldenQuestion,
  cursor: string | undefined,
  signal: AbortSignal,
): Promise<GoldenAnswer> {
  const path = pathOf(question);
  const settings = { limit: String(ROWS_A_PAGE), sort: question.sort ?? '', cursor: cursor ?? '' };
  const given = Object.entries(settings).filter(([, value]) => value !== '');
  const query = isListed(question) ? `?${new URLSearchParams(given).toString()}` : '';
  const { status, json } = await client.send({ method: 'GET', path: path + query }, signal);
  return { ...question, status, body: json };
}

/** Lists take a limit; single rows take no query. */
function isListed({ template }: GoldenQuestion): boolean {
  return template.startsWith('/v1/') && !template.endsWith('}');
}

function pathOf({ template, values }: GoldenQuestion): string {
  const left = [...values];
  return template.replaceAll(/\{[^}]+\}/g, () => encodeURIComponent(left.shift() ?? ''));
}

/** A question in words: `GET /v1/posts?sort=title`. */
export function nameQuestion(question: GoldenQuestion): string {
  const query = question.sort === undefined ? '' : `?sort=${question.sort}`;
  return `GET ${pathOf(question)}${query}${question.page === 2 ? ' (its second page)' : ''}`;
}

/** Two questions are the same when their keys are. */
export function keyOf({ template, values, sort, page }: GoldenQuestion): string {
  return JSON.stringify([template, values, sort ?? null, page]);
}

export function cursorOf(body: unknown): string | undefined {
  return isObject(body) && typeof body['nextCursor'] === 'string' ? body['nextCursor'] : undefined;
}

function rowsOf(body: unknown): readonly Record<string, unknown>[] {
  const rows = isObject(body) ? body['data'] : body;
  return Array.isArray(rows) ? rows.filter(isObject) : [];
}

/** Upwards alone: the other way shows nothing else. */
function sortsOf(schema: unknown): readonly string[] {
  const values = isObject(schema) && Array.isArray(schema['enum']) ? schema['enum'] : [];
  return values.filter((value): value is string => typeof value === 'string' && !value.startsWith('-'));
}

function placeholdersOf(template: string): readonly string[] {
  return [...template.matchAll(/\{([^}]+)\}/g)].map(([, name = '']) => name);
}

function isKey(value: unknown): boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}
