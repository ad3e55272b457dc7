import type { Operation } from '../api-document.ts';
import type { HttpAnswer } from '../http-client.ts';
import { keyOf, readPage, type Resource, type Row } from '../smoke/resource.ts';
import { ask, everybody, expectStatus, nameOf, refusal, statusFor, type AccessTrial } from './access-trial.ts';
import type { Actor, KnownRow } from './expectation.ts';
import { bearer } from './sign-up.ts';

const MAX_PAGES = 90;

/** Items, lists and lists of children, as everybody: exactly the rows that the table says. */
export async function tryReading(trial: AccessTrial): Promise<void> {
  for (const row of trial.expectation.rows) await readItem(trial, row);
  for (const resource of trial.resources) {
    if (resource.list) for (const actor of everybody(trial)) await readLists(trial, actor, resource, resource.list);
    await readChildren(trial, resource);
  }
}

async function readItem(trial: AccessTrial, row: KnownRow): Promise<void> {
  const { read } = row.resource;
  if (!read) return;
  const path = keyOf(row.resource, read, row.body);
  for (const actor of everybody(trial)) {
    const status = statusFor(trial, actor, 'read', row, 200);
    const answer = await ask(trial, actor, read, { path });
    expectStatus(trial, answer, status, actor);
    for (const [method, address] of [
      ['HEAD', answer.request.path],
      ['GET', `${answer.request.path}/`],
    ] as const) {
      const other = await trial.prober.sendUnchecked({ method, path: address, headers: bearer(actor) });
      trial.compare(other, other.status === status, `${status} for ${nameOf(actor)}`);
    }
  }
}

async function readLists(
  trial: AccessTrial,
  actor: Actor | undefined,
  resource: Resource,
  list: Operation,
): Promise<void> {
  const all = trial.expectation.rowsOf(resource);
  if (!trial.expectation.applies(actor, resource, 'read')) {
    expectStatus(trial, await ask(trial, actor, list), refusal(actor), actor);
    return;
  }
  const seen = all.filter((row) => trial.expectation.may(actor, 'read', row));
  const expectRows = async (query: Row, expected: readonly KnownRow[]): Promise<void> =>
    expectExactly(trial, actor, await readPages(trial, actor, list, { limit: '100', ...query }), expected, all);
  await expectRows({}, seen);
  await expectRows({ limit: '1' }, seen);
  const parameters = list.parameters.filter(({ in: place }) => place === 'query');
  for (const sort of sortsOf(list)) await expectRows({ sort }, seen);
  for (const { name } of parameters) {
    const column = name.replace('[eq]', '');
    // Of a row that they may not see: its values are the ones to ask for.
    const hidden = all.find((row) => !seen.includes(row) && isPlain(row.body[column])) ?? all[0];
    const value = hidden?.body[column];
    if (name.endsWith(']') || ['limit', 'cursor', 'sort'].includes(name) || !isPlain(value)) continue;
    const same = seen.filter((row) => row.body[column] === value);
    await expectRows({ [name]: String(value) }, same);
    if (parameters.some((one) => one.name === `${name}[in]`)) {
      await expectRows({ [`${name}[in]`]: typeof value === 'string' ? JSON.stringify(value) : String(value) }, same);
    }
    if (parameters.some((one) => one.name === `${name}[null]`)) {
      await expectRows(
        { [`${name}[null]`]: 'false' },
        seen.filter((row) => row.body[column] !== null),
      );
    }
  }
  await readByStrangersCursor(trial, actor, list, { all, seen });
  await filterBySecrets(trial, actor, list);
}

function sortsOf(list: Operation): readonly string[] {
  const schema = list.parameters.find(({ name }) => name === 'sort')?.schema;
  return typeof schema === 'object' && Array.isArray(schema['enum']) ? schema['enum'].map(String) : [];
}

/** A cursor is a place in a list and opens nothing. */
async function readByStrangersCursor(
  trial: AccessTrial,
  actor: Actor | undefined,
  list: Operation,
  { all, seen }: { readonly all: readonly KnownRow[]; readonly seen: readonly KnownRow[] },
): Promise<void> {
  for (const stranger of everybody(trial)) {
    if (stranger === actor) continue;
    const { next } = readPage((await ask(trial, stranger, list, { query: { limit: '1' } })).json);
    if (next === undefined) continue;
    const found = await readPages(trial, actor, list, { limit: '100', cursor: next });
    expectNone(
      trial,
      actor,
      found,
      all.filter((row) => !seen.includes(row)),
    );
  }
}

async function filterBySecrets(trial: AccessTrial, actor: Actor | undefined, list: Operation): Promise<void> {
  const hash = trial.plan.accounts?.password ?? 'password';
  for (const name of [hash, `${hash}[gte]`, 'hash', 'token']) {
    const answer = await ask(trial, actor, list, { query: { [name]: 'a' } });
    trial.compare(answer, answer.status === 400, `400 for a filter by ${name}`);
  }
}

async function readChildren(trial: AccessTrial, parents: Resource): Promise<void> {
  const { expectation } = trial;
  for (const { operation, table, column } of parents.nested) {
    const child = trial.resources.find((one) => one.table.name === table);
    const target = child && expectation.target(child, column);
    if (!child || !target) continue;
    const all = expectation.rowsOf(child);
    for (const parent of expectation.rowsOf(parents)) {
      for (const actor of everybody(trial)) {
        const seen = all.filter(
          (row) => row.body[column] === parent.body[target.column] && expectation.may(actor, 'read', row),
        );
        const found = await readPages(
          trial,
          actor,
          operation,
          { limit: '100' },
          keyOf(parents, operation, parent.body),
        );
        if (!expectation.applies(actor, child, 'read')) expectStatus(trial, found.answer, refusal(actor), actor);
        else if (seen.length > 0 || expectation.may(actor, 'read', parent))
          expectExactly(trial, actor, found, seen, all);
        else
          trial.compare(found.answer, [404, refusal(actor)].includes(found.answer.status), `404 for ${nameOf(actor)}`);
      }
    }
  }
}

interface FoundRows {
  readonly answer: HttpAnswer;
  readonly rows: readonly Row[];
}

async function readPages(
  trial: AccessTrial,
  actor: Actor | undefined,
  list: Operation,
  query: Row,
  path: Readonly<Record<string, string>> = {},
): Promise<FoundRows> {
  const rows: Row[] = [];
  let next: string | undefined;
  let answer: HttpAnswer | undefined;
  for (let page = 0; page < MAX_PAGES && (page === 0 || next !== undefined); page += 1) {
    const asked = { ...query, ...(next === undefined ? {} : { cursor: next }) } as Record<string, string>;
    answer = await ask(trial, actor, list, { path, query: asked });
    const found = readPage(answer.json);
    rows.push(...found.rows);
    next = found.next;
  }
  if (!answer) throw new Error('No page was asked for');
  return { answer, rows };
}

/** Of the rows that are known, those that are expected and no others. */
function expectExactly(
  trial: AccessTrial,
  actor: Actor | undefined,
  found: FoundRows,
  expected: readonly KnownRow[],
  all: readonly KnownRow[],
): void {
  if (!trial.compare(found.answer, found.answer.status === 200, `200 for ${nameOf(actor)}`)) return;
  expectNone(
    trial,
    actor,
    found,
    all.filter((row) => !expected.includes(row)),
  );
  const ids = new Set(found.rows.map((row) => idOf(expected[0]?.resource, row)));
  const missing = expected.filter((row) => !ids.has(idOf(row.resource, row.body)));
  trial.compare(found.answer, missing.length === 0, `${nameOf(actor)} to see ${missing.length} more rows`);
}

function expectNone(
  trial: AccessTrial,
  actor: Actor | undefined,
  found: FoundRows,
  forbidden: readonly KnownRow[],
): void {
  const ids = new Set(found.rows.map((row) => idOf(forbidden[0]?.resource, row)));
  const leaked = forbidden.filter((row) => ids.has(idOf(row.resource, row.body)));
  trial.compare(found.answer, leaked.length === 0, `${nameOf(actor)} not to see ${leaked.length} rows of others`);
}

function idOf(resource: Resource | undefined, row: Row): string {
  const keys = resource?.api.keyColumns ?? [];
  return JSON.stringify(keys.length > 0 ? keys.map((key) => row[key]) : row);
}

function isPlain(value: unknown): boolean {
  return value !== null && value !== undefined && typeof value !== 'object';
}
