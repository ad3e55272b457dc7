import type { ApiDocument, Operation } from '../api-document.ts';
import type { GateOutcome } from '../gate-runner.ts';
import type { SeenAnswer, ServedRoute } from '../routes/route-watch.ts';

/** How often which operation gave which status, by its id. */
export type StatusCounts = ReadonlyMap<string, ReadonlyMap<number, number>>;

export interface SeenRoutes {
  readonly document: ApiDocument;
  /** The server's own table. */
  readonly routes: readonly ServedRoute[];
  /** What the gates were answered. */
  readonly gates: StatusCounts;
  /** What the project's own suite was answered. */
  readonly suite: readonly SeenAnswer[];
  /** False when the suite broke off: what it did not see says nothing then. */
  readonly suitePassed: boolean;
  /** Operations that need a row which Postgres took in no form that could be thought of: why, by id. */
  readonly untried: ReadonlyMap<string, string>;
}

/** What serves the document itself, and leads to it. */
const OF_THE_DOCUMENT: readonly string[] = ['GET /openapi.json', 'GET /docs', 'GET /'];

/**
 * Every route that the server has is documented, every documented operation was seen to succeed, by the suite or by the
 * gates, and none answered a failure of its own. The evidence lists what was seen of each operation, and what was not.
 */
export function everyRouteGate(seen: SeenRoutes): GateOutcome {
  const faults = [...undocumented(seen), ...unserved(seen), ...broken(seen), ...unproven(seen), ...unprovenRules(seen)];
  const evidence = [...rulesOf(seen), ...seen.document.operations.map((operation) => seenOf(seen, operation))];
  if (faults.length === 0) return { status: 'passed', summary: summaryOf(seen), evidence };
  const rest = faults.length === 1 ? '' : ` (and ${faults.length - 1} more)`;
  return { status: 'failed', summary: `${faults[0]}${rest}`, evidence: [...faults, ...evidence] };
}

function undocumented({ document, routes }: SeenRoutes): string[] {
  if (routes.length === 0) return ['No route was seen: the server has to be the Fastify that src/app.ts builds'];
  const documented = new Set(document.operations.map(({ id }) => samePath(id)));
  return routes
    .filter(({ id }) => !OF_THE_DOCUMENT.includes(id) && !documented.has(samePath(id)) && !isHeadOf(id, routes))
    .map(
      ({ id, place }) =>
        `${id} (${place}): is served, and not in the document; give it a schema with a response, or take it out`,
    );
}

function unserved({ document, routes }: SeenRoutes): string[] {
  const served = new Set(routes.map(({ id }) => samePath(id)));
  return document.operations
    .filter(({ id }) => routes.length > 0 && !served.has(samePath(id)))
    .map(({ id }) => `${id}: is in the document, and no route serves it`);
}

/** Fastify answers HEAD wherever there is a GET. */
function isHeadOf(id: string, routes: readonly ServedRoute[]): boolean {
  return id.startsWith('HEAD ') && routes.some((route) => route.id === id.replace('HEAD', 'GET'));
}

/** What the gates were answered they judge themselves. */
function broken(seen: SeenRoutes): string[] {
  return seen.suite.flatMap(({ id, status, request }) => {
    const operation = seen.document.operations.find((one) => samePath(one.id) === samePath(id));
    const mayBe = status !== 500 && operation !== undefined && String(status) in operation.answers;
    if (status < 500 || mayBe) return [];
    return [`${named(seen, id)}: answered ${status} in the suite, for ${request}`];
  });
}

function unproven(seen: SeenRoutes): string[] {
  if (!seen.suitePassed) return [];
  return seen.document.operations
    .filter((operation) => !hasSucceeded(seen, operation) && !isUnwritten(operation) && !seen.untried.has(operation.id))
    .map(
      (operation) =>
        `${named(seen, operation.id)}: neither the suite nor a gate saw it succeed (${statusesOf(seen, operation) || 'nobody called it'}); write a test that calls it as it is meant to be called`,
    );
}

/** A rule that was only ever seen refusing, or never, is no rule that anybody knows of. */
function unprovenRules(seen: SeenRoutes): string[] {
  const { operations, otherRules } = seen.document;
  const strays = otherRules
    .filter(({ status }) => status !== 404)
    .map(
      ({ operation, status, why }) => `${operation}: no route serves it, but a rule (${status}, ${why}) is declared`,
    );
  if (!seen.suitePassed) return strays;
  const unseen = operations.flatMap((operation) => {
    const inSuite = seen.suite.filter(({ id }) => samePath(id) === samePath(operation.id)).map(({ status }) => status);
    return operation.rules.flatMap(({ status, why }) => [
      ...(inSuite.includes(status)
        ? []
        : [`${named(seen, operation.id)}: no test sees its rule refuse (${status}, ${why})`]),
      ...(inSuite.some(isSuccess)
        ? []
        : [`${named(seen, operation.id)}: no test sees its rule (${status}, ${why}) let anybody pass`]),
    ]);
  });
  return [...strays, ...unseen];
}

/** `rule: PATCH /v1/bookings/{id} answers 409: a booking that has begun stays as it is` */
function rulesOf({ document: { operations, otherRules } }: SeenRoutes): string[] {
  const kept = operations.flatMap(({ id, rules }) =>
    rules.map(({ status, why }) => `rule: ${id} answers ${status}: ${why}`),
  );
  const leftOut = otherRules.map(({ operation, why }) => `rule: ${operation} is not served: ${why}`);
  return [...kept, ...leftOut];
}

function hasSucceeded(seen: SeenRoutes, operation: Operation): boolean {
  return [...countsOf(seen, operation).keys()].some(isSuccess);
}

function isSuccess(status: number): boolean {
  return status >= 200 && status < 400;
}

/** Its document says that nobody wrote it yet. */
function isUnwritten({ answers }: Operation): boolean {
  return '501' in answers;
}

/** `POST /v1/users (src/routes/users.ts:9): 201×7 400×31; not seen: 413, 503` */
function seenOf(seen: SeenRoutes, operation: Operation): string {
  const statuses = [...countsOf(seen, operation).keys()];
  const missing = Object.keys(operation.answers).filter((status) => !statuses.some((one) => covers(status, one)));
  const why = seen.untried.get(operation.id);
  return [
    `${named(seen, operation.id)}: ${statusesOf(seen, operation) || 'not called'}`,
    ...(missing.length > 0 ? [`not seen: ${missing.join(', ')}`] : []),
    ...(why === undefined ? [] : [`not seen to succeed, as ${why}`]),
  ].join('; ');
}

function covers(documented: string, status: number): boolean {
  if (documented === 'default') return true;
  return documented === String(status) || documented === `${String(status)[0]}XX`;
}

function statusesOf(seen: SeenRoutes, operation: Operation): string {
  const counts = [...countsOf(seen, operation)].toSorted(([a], [b]) => a - b);
  return counts.map(([status, count]) => `${status}×${count}`).join(' ');
}

function countsOf({ gates, suite }: SeenRoutes, { id }: Operation): ReadonlyMap<number, number> {
  const counts = new Map(gates.get(id));
  for (const answer of suite) {
    if (samePath(answer.id) === samePath(id)) counts.set(answer.status, (counts.get(answer.status) ?? 0) + 1);
  }
  return counts;
}

function named({ routes }: SeenRoutes, id: string): string {
  const route = routes.find((one) => samePath(one.id) === samePath(id));
  return route ? `${id} (${route.place})` : id;
}

function summaryOf(seen: SeenRoutes): string {
  const { operations } = seen.document;
  const unwritten = operations.filter(isUnwritten).length;
  const missing = operations.filter((operation) => seenOf(seen, operation).includes('not seen:')).length;
  const rules = rulesOf(seen).length;
  return [
    `${operations.length} operations, each documented and seen to succeed`,
    ...(rules > 0 ? [`${rules} rules, each seen refusing and accepting`] : []),
    ...(unwritten > 0 ? [`but for ${unwritten} that nobody wrote yet`] : []),
    ...(seen.untried.size > 0 ? [`but for ${seen.untried.size} that no row could be made for`] : []),
    ...(missing > 0 ? [`${missing} have documented answers that were not seen`] : []),
  ].join('; ');
}

/** The same whatever placeholders are called, what they may match and how a path ends. */
function samePath(id: string): string {
  return id
    .replaceAll(/\{[^}]+\}(\([^)]*\))?/g, '{}')
    .replace(/(.)\/$/, '$1')
    .replace(/ $/, ' /');
}
