import type { Operation } from '../api-document.ts';
import type { HttpAnswer } from '../http-client.ts';
import { bodyProperties, keyOf, rowOf, type Resource, type Row } from '../smoke/resource.ts';
import { ask, everybody, expectStatus, nameOf, refusal, statusFor, type AccessTrial } from './access-trial.ts';
import type { Actor, KnownRow } from './expectation.ts';
import { keepRow, newBody } from './try-creating.ts';

/** Of each maker's rows of a table these many are changed by everybody: the others would show the same. */
const ROWS_CHANGED = 2;
const REMOVALS_REFUSED = 12;

/** Every field of rows, by everybody: who may not must be refused, and must leave no trace. */
export async function tryChanging(trial: AccessTrial): Promise<void> {
  for (const resource of trial.resources) {
    const { update } = resource;
    if (!update) continue;
    const rows = trial.people.flatMap((maker) =>
      trial.expectation
        .rowsOf(resource)
        .filter((row) => row.by === maker)
        .slice(0, ROWS_CHANGED),
    );
    for (const row of rows) for (const actor of everybody(trial)) await changeRow(trial, actor, row, update);
  }
}

async function changeRow(
  trial: AccessTrial,
  actor: Actor | undefined,
  row: KnownRow,
  update: Operation,
): Promise<void> {
  const status = statusFor(trial, actor, 'change', row, 200);
  const path = keyOf(row.resource, update, row.body);
  const spare = trial.nextSample(row.resource) ?? {};
  for (const field of Object.keys(bodyProperties(update, trial.prober.document))) {
    // A reference has a part of its own, and a state may decide on who sees the row.
    const keeps = isBound(trial, row.resource, field) || spare[field] === undefined;
    const value = keeps ? row.body[field] : spare[field];
    if (value === undefined) continue;
    const answer = await ask(trial, actor, update, { path, json: { [field]: value } });
    if (answer.status === 409 && status === 200) continue;
    expectStatus(trial, answer, status, actor);
    if (answer.status === 200 && status === 200) row.body = rowOf(answer.json);
  }
  if (status === 200) return;
  expectStatus(trial, await ask(trial, actor, update, { path, json: {} }), statusOfEmpty(trial, actor, row), actor);
  await expectUnchanged(trial, actor, row);
}

/** What is admitted has its body read before the row is looked for. */
function statusOfEmpty(trial: AccessTrial, actor: Actor | undefined, row: KnownRow): number {
  return trial.expectation.applies(actor, row.resource, 'change') ? 400 : refusal(actor);
}

function isBound(trial: AccessTrial, resource: Resource, field: string): boolean {
  const { read, change, remove, refer: referring = [] } = trial.expectation.rulesOf(resource);
  const named = [read, change, remove, referring]
    .flat()
    .flatMap((grant) => (typeof grant === 'string' ? [] : Object.keys(grant.where)));
  const checked = resource.table.checks.some(({ expression }) => expression.includes(field));
  return named.includes(field) || checked || trial.expectation.target(resource, field) !== undefined;
}

/** The row as whoever may see it sees it; undefined when it is gone or nobody may. */
async function look(trial: AccessTrial, row: KnownRow): Promise<Row | undefined> {
  const { read } = row.resource;
  const reader = trial.people.find((actor) => trial.expectation.may(actor, 'read', row));
  if (!read || !reader) return row.body;
  const answer = await ask(trial, reader, read, { path: keyOf(row.resource, read, row.body) });
  return answer.status === 200 ? rowOf(answer.json) : undefined;
}

async function expectUnchanged(trial: AccessTrial, actor: Actor | undefined, row: KnownRow): Promise<void> {
  const now = await look(trial, row);
  if (JSON.stringify(now) === JSON.stringify(row.body)) return;
  trial.prober.note(
    `${row.resource.api.collectionPath}: a refused change by ${nameOf(actor)} must leave no trace; the row is now ${JSON.stringify(now)}`,
  );
}

/** References to what is not there, and to what is not theirs: the same answer, to the byte. */
export async function tryReferring(trial: AccessTrial): Promise<void> {
  for (const resource of trial.resources) {
    for (const column of resource.table.columns.map(({ name }) => name)) {
      for (const actor of trial.people) {
        await referOnCreating(trial, actor, resource, column);
        await referOnChanging(trial, actor, resource, column);
      }
    }
  }
}

async function referOnCreating(trial: AccessTrial, actor: Actor, resource: Resource, column: string): Promise<void> {
  const { create } = resource;
  if (!create || !trial.expectation.applies(actor, resource, 'create')) return;
  if (!(column in bodyProperties(create, trial.prober.document))) return;
  const send = async (value: unknown) => {
    const body = newBody(trial, actor, resource, create, 0);
    return body && ask(trial, actor, create, { json: { ...body, [column]: value } });
  };
  await refer(trial, actor, { resource, column, action: 'create' }, send);
}

async function referOnChanging(trial: AccessTrial, actor: Actor, resource: Resource, column: string): Promise<void> {
  const { update } = resource;
  const row = trial.expectation.rowsOf(resource).find((one) => trial.expectation.may(actor, 'change', one));
  if (!update || !row || !(column in bodyProperties(update, trial.prober.document))) return;
  const path = keyOf(resource, update, row.body);
  const send = async (value: unknown) => {
    const answer = await ask(trial, actor, update, { path, json: { [column]: value } });
    if (answer.status === 200) row.body = rowOf(answer.json);
    return answer;
  };
  await refer(trial, actor, { resource, column, action: 'change' }, send);
}

interface Reference {
  readonly resource: Resource;
  readonly column: string;
  readonly action: 'create' | 'change';
}

async function refer(
  trial: AccessTrial,
  actor: Actor,
  { resource, column, action }: Reference,
  send: (value: unknown) => Promise<HttpAnswer | undefined>,
): Promise<void> {
  const target = trial.expectation.target(resource, column);
  const targets = target ? trial.expectation.rowsOf(target.resource) : [];
  const sample = targets[0]?.body[target?.column ?? ''];
  if (!target || sample === undefined) return;
  const nothing = await send(absent(sample));
  if (!nothing) return;
  trial.compare(nothing, nothing.status === 422, `422 for a ${column} that is nothing`);
  for (const row of targets) {
    const isAllowed = trial.expectation.mayRefer(actor, resource, action, column, row);
    const answer = await send(row.body[target.column]);
    if (!answer) return;
    if (isAllowed) {
      trial.compare(
        answer,
        [200, 201, 409, 422].includes(answer.status),
        `a row of ${actor.name} on a ${column} that they may name`,
      );
      if (answer.status === 201) keepRow(trial, actor, resource, answer);
    } else {
      trial.compare(
        answer,
        answer.status === 422 && answer.text === nothing.text,
        `the same answer as for a ${column} that is nothing, for ${actor.name}`,
      );
    }
  }
}

function absent(value: unknown): unknown {
  if (typeof value === 'number') return 2_000_000_000;
  return /^[0-9a-f]{8}-/i.test(String(value)) ? '00000000-0000-4000-8000-00000000dead' : 'no-such-row-here';
}

/** Fields that are not a client's: owner, role, hash, key, times. */
export async function tryMassAssignment(trial: AccessTrial): Promise<void> {
  const [one, other] = trial.people.slice(-2);
  if (!one || !other) return;
  const { accounts } = trial.plan;
  for (const resource of trial.resources) {
    const { owner, closed = [] } = trial.expectation.rulesOf(resource);
    const isAccounts = resource.table.name === accounts?.table;
    const coveted: Row = {
      ...(owner === undefined || owner.includes('.') ? {} : { [owner]: other.id }),
      ...Object.fromEntries(closed.map((column) => [column, trial.nextSample(resource)?.[column] ?? 'x'])),
      ...(isAccounts
        ? {
            [accounts.role ?? 'role']: 'admin',
            [accounts.password]: 'x',
            [accounts.login]: 'taken@example.com',
            password: 'a new password',
          }
        : {}),
      is_admin: true,
    };
    for (const [field, value] of Object.entries(coveted)) await covet(trial, one, resource, field, value);
  }
}

async function covet(
  trial: AccessTrial,
  actor: Actor,
  resource: Resource,
  field: string,
  value: unknown,
): Promise<void> {
  const { create, update } = resource;
  const row = trial.expectation.rowsOf(resource).find((known) => trial.expectation.may(actor, 'change', known));
  if (update && row) {
    const answer = await ask(trial, actor, update, {
      path: keyOf(resource, update, row.body),
      json: { [field]: value },
    });
    trial.compare(answer, answer.status === 400, `400, as ${field} is not a client's to set`);
    await expectUnchanged(trial, actor, row);
  }
  const body =
    create && trial.expectation.applies(actor, resource, 'create') && newBody(trial, actor, resource, create, 0);
  if (!create || !body) return;
  const answer = await ask(trial, actor, create, { json: { ...body, [field]: value } });
  trial.compare(answer, answer.status === 400, `400, as ${field} is not a client's to set`);
  if (answer.status === 201) keepRow(trial, actor, resource, answer);
}

/** Removes, children before parents: who may not is refused and the row is still there; who may sees it gone. */
export async function tryRemoving(trial: AccessTrial): Promise<void> {
  for (const resource of trial.resources.toReversed()) {
    const { remove } = resource;
    if (!remove) continue;
    for (const row of trial.expectation.rowsOf(resource).slice(0, REMOVALS_REFUSED)) {
      for (const actor of everybody(trial)) {
        if (trial.expectation.may(actor, 'remove', row)) continue;
        const answer = await ask(trial, actor, remove, { path: keyOf(resource, remove, row.body) });
        expectStatus(trial, answer, statusFor(trial, actor, 'remove', row, 204), actor);
        await expectUnchanged(trial, actor, row);
      }
    }
    if (resource.table.name === trial.plan.accounts?.table) continue;
    for (const actor of trial.people) await removeOne(trial, actor, resource, remove);
  }
}

async function removeOne(trial: AccessTrial, actor: Actor, resource: Resource, remove: Operation): Promise<void> {
  const removable = trial.expectation.rowsOf(resource).filter((row) => trial.expectation.may(actor, 'remove', row));
  const row = removable.findLast(({ by }) => by !== actor) ?? removable.at(-1);
  if (!row) return;
  const answer = await ask(trial, actor, remove, { path: keyOf(resource, remove, row.body) });
  trial.compare(answer, [204, 409].includes(answer.status), `204 for ${actor.name}, or 409 where others refer to it`);
  if (answer.status === 204) trial.expectation.forget(row);
}
