import type { Operation } from '../api-document.ts';
import type { HttpAnswer } from '../http-client.ts';
import { bodyProperties, rowOf, type Resource, type Row } from '../smoke/resource.ts';
import { ask, everybody, expectStatus, nameOf, refusal, type AccessTrial } from './access-trial.ts';
import type { Actor, KnownRow } from './expectation.ts';

/** Enough for pages of one to have a second and a third. */
const ROWS_EACH = 3;
const TRIES = 12;

/** Makes rows of every actor who may, and sees the others refused, before their body is read and after. */
export async function tryCreating(trial: AccessTrial): Promise<void> {
  for (const resource of trial.resources) {
    const { create } = resource;
    if (!create) continue;
    for (const actor of everybody(trial)) {
      if (trial.expectation.applies(actor, resource, 'create')) {
        if (actor) await createRowsOf(trial, actor, resource, create);
      } else {
        const sample = trial.people[0] && newBody(trial, trial.people[0], resource, create, 0);
        expectStatus(trial, await ask(trial, actor, create, { json: sample ?? {} }), refusal(actor), actor);
        expectStatus(trial, await ask(trial, actor, create, { raw: '{' }), refusal(actor), actor);
      }
    }
  }
}

async function createRowsOf(trial: AccessTrial, actor: Actor, resource: Resource, create: Operation): Promise<void> {
  const variants = valuesOfRules(trial, resource, create);
  let made = 0;
  for (let place = 0; made < Math.max(ROWS_EACH, variants.length) && place < TRIES; place += 1) {
    const body = newBody(trial, actor, resource, create, place, variants[made % Math.max(1, variants.length)]);
    if (!body) return;
    const answer = await ask(trial, actor, create, { json: body });
    // Two people may well not share a slug, nor a pair of references.
    if (answer.status === 409) continue;
    if (!trial.compare(answer, answer.status === 201, `201 for ${actor.name}`)) return;
    made += 1;
    keepRow(trial, actor, resource, answer);
  }
}

export function keepRow(trial: AccessTrial, actor: Actor, resource: Resource, answer: HttpAnswer): KnownRow {
  const row = { resource, body: rowOf(answer.json), by: actor };
  trial.expectation.rows.push(row);
  const { owner } = trial.expectation.rulesOf(resource);
  if (owner !== undefined && !owner.includes('.')) {
    trial.compare(answer, String(row.body[owner]) === actor.id, `${owner} to be whoever created it, ${nameOf(actor)}`);
  }
  return row;
}

/** A body for a new row of the actor's, on parents that they may refer to; undefined when there are none. */
export function newBody(
  trial: AccessTrial,
  actor: Actor,
  resource: Resource,
  create: Operation,
  place: number,
  fixed: Row = {},
): Row | undefined {
  const sample = trial.nextSample(resource);
  const taken = Object.keys(bodyProperties(create, trial.prober.document));
  if (!sample) return undefined;
  const body: Record<string, unknown> = {};
  for (const [name, value] of Object.entries({ ...sample, ...fixed })) {
    if (!taken.includes(name) || value === undefined) continue;
    const target = trial.expectation.target(resource, name);
    if (!target || value === null) {
      body[name] = value;
      continue;
    }
    const parents = trial.expectation
      .rowsOf(target.resource)
      .filter((row) => trial.expectation.mayRefer(actor, resource, 'create', name, row));
    const own = parents.filter((row) => row.by === actor);
    const parent = [...own, ...parents][
      (place + (resource.table.primaryKey.includes(name) ? Math.floor(place / 3) : 0)) %
        Math.max(1, own.length || parents.length)
    ];
    if (!parent) return undefined;
    body[name] = parent.body[target.column];
  }
  return body;
}

/** Values that rules ask for, and one that they do not ask for, where a client may set them. */
function valuesOfRules(trial: AccessTrial, resource: Resource, create: Operation): Row[] {
  const { read, change, remove, refer } = trial.expectation.rulesOf(resource);
  const properties = bodyProperties(create, trial.prober.document);
  return [read, change, remove, refer ?? []].flat().flatMap((grant) => {
    if (typeof grant === 'string') return [];
    return Object.entries(grant.where).flatMap(([column, value]) => {
      const property = properties[column];
      if (typeof property !== 'object') return [];
      const words = Array.isArray(property['enum']) ? property['enum'] : [];
      const other: unknown = typeof value === 'boolean' ? !value : words.find((word) => word !== value);
      return [{ [column]: value }, ...(other === undefined ? [] : [{ [column]: other }])];
    });
  });
}
