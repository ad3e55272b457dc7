import type { Operation } from '../api-document.ts';
import type { HttpAnswer } from '../http-client.ts';
import { inParallel } from '../in-parallel.ts';
import type { CallInput, Prober } from '../prober.ts';
import { bodyProperties, keyOf, readPage, type Resource } from '../smoke/resource.ts';

/** What would change a statement if it were pasted into one. */
const INJECTIONS = [
  `' OR '1'='1`,
  `1 OR 1=1`,
  `1; SELECT pg_sleep(4) --`,
  `x' OR 1=1 --`,
  `1; DROP TABLE pg_temp; --`,
  `') UNION SELECT usename, passwd FROM pg_shadow --`,
  `'||pg_sleep(4)||'`,
  `id, (SELECT 1 FROM pg_sleep(4))`,
  `"id" DESC; --`,
];
/** How long a statement takes that sleeps, and a little less. */
const SLEEP_MS = 3900;

const TRAVERSALS = [
  '/../.env',
  '/.env',
  '/%2e%2e/.env',
  '/docs/../../.env',
  '/docs/%2e%2e/%2e%2e/.env',
  '/docs/..%2f..%2f.env',
  '/docs/..%5c..%5c.env',
  '/docs//etc/passwd',
  '/%2fetc%2fpasswd',
  '/..%c0%af..%c0%afetc/passwd',
  '/.git/config',
  '/package.json',
  '/src/server.ts',
  '/openapi.json/../.env',
  '/docs?file=../.env',
];

/** Pastes SQL into every parameter: refused, or taken for a value that no row has, and at once. Resolves to the count. */
export async function injectSql(prober: Prober, resources: readonly Resource[]): Promise<number> {
  const before = prober.requestCount;
  for (const resource of resources) {
    const [first] = resource.stored;
    for (const operation of [
      ...(resource.list ? [resource.list] : []),
      ...resource.nested.map((one) => one.operation),
    ]) {
      const values = operation === resource.list ? INJECTIONS : INJECTIONS.slice(0, 3);
      if (!first && operation !== resource.list) continue;
      const path = first ? keyOf(resource, operation, first.body) : {};
      for (const { name } of operation.parameters.filter((one) => one.in === 'query')) {
        await inParallel(values, (value) => inject(prober, operation, { path, query: { [name]: value } }));
      }
    }
    await injectKeys(prober, resource);
  }
  return prober.requestCount - before;
}

async function inject(prober: Prober, operation: Operation, input: CallInput): Promise<void> {
  const { answer, tookMs } = await timed(prober, operation, input);
  const isSlow = tookMs >= SLEEP_MS && (await sleepsAgain(prober, operation, input));
  prober.expect(answer, !isSlow, `an answer at once, not after ${Math.round(tookMs)} ms: the SQL in it was run`);
  const { rows } = readPage(answer.json);
  const isEmpty = answer.status >= 400 || rows.length === 0;
  prober.expect(answer, isEmpty, 'no row, as no row has this value: the SQL in it was run');
}

/** Only the input may be to blame: on a busy machine any answer may take long. */
async function sleepsAgain(prober: Prober, operation: Operation, input: CallInput): Promise<boolean> {
  const harmless = await timed(prober, operation, { ...input, query: {} });
  const again = await timed(prober, operation, input);
  return again.tookMs >= SLEEP_MS && harmless.tookMs < SLEEP_MS / 2;
}

async function timed(
  prober: Prober,
  operation: Operation,
  input: CallInput,
): Promise<{ readonly answer: HttpAnswer; readonly tookMs: number }> {
  const startedAtMs = performance.now();
  const answer = await prober.call(operation, input);
  return { answer, tookMs: performance.now() - startedAtMs };
}

async function injectKeys(prober: Prober, resource: Resource): Promise<void> {
  for (const operation of [resource.read, resource.remove]) {
    if (!operation) continue;
    await inParallel(INJECTIONS, async (value) => {
      const names = operation.parameters.filter((one) => one.in === 'path').map(({ name }) => [name, value] as const);
      const answer = await prober.call(operation, { path: Object.fromEntries(names) });
      prober.expect(answer, answer.status === 404 || answer.status === 400, '404 or 400, as no row has this key');
    });
  }
}

/** Asks for files by every way round: none is served. */
export async function traverse(prober: Prober): Promise<number> {
  for (const path of TRAVERSALS) {
    const answer = await prober.send({ method: 'GET', path });
    const isFile = /DB_PASSWORD|root:.*:0:0:|\[core\]|"dependencies"|from 'node:/.test(answer.text);
    prober.expect(answer, !isFile, 'no file of the server');
    const mayAnswer = /^\/(docs|openapi\.json)\b/.test(path);
    prober.expect(answer, mayAnswer || answer.status >= 400, '404, as nothing is served there');
  }
  return TRAVERSALS.length;
}

/** Prototypes stay clean, headers cannot be injected, methods that nobody wrote are refused. Resolves to the count. */
export async function probeProtocol(prober: Prober, resources: readonly Resource[]): Promise<number> {
  const before = prober.requestCount;
  for (const resource of resources) {
    await pollute(prober, resource);
    await injectHeaders(prober, resource);
  }
  for (const method of ['TRACE', 'PUT', 'OPTIONS']) {
    const answer = await prober.send({ method, path: '/healthz' });
    prober.expect(answer, answer.status === 404 || answer.status === 405, '404 or 405, as nobody wrote this method');
  }
  return prober.requestCount - before;
}

async function pollute(prober: Prober, resource: Resource): Promise<void> {
  const { create, list } = resource;
  if (!create || !list) return;
  const columns = resource.table.columns.map(({ name }) => name);
  for (const key of ['__proto__', 'constructor', 'prototype'].filter((name) => !columns.includes(name))) {
    const raw = `{"${key}":{"polluted":"yes","prototype":{"polluted":"yes"}}}`;
    const answer = await prober.call(create, { raw });
    prober.expect(answer, answer.status >= 400 && answer.status < 500, `4xx for ${key} as a property`);
    await prober.send({ method: 'GET', path: `${list.path.replaceAll(/\{[^}]+\}/g, 'x')}?${key}[polluted]=yes` });
  }
  const answer = await prober.call(list, {});
  prober.expect(answer, !answer.text.includes('polluted'), 'no trace of polluted prototypes');
}

/** A line break in a key or an id must not become a header of the answer. */
async function injectHeaders(prober: Prober, resource: Resource): Promise<void> {
  const { read, create, stored } = resource;
  const broken = 'x\r\nX-Injected: 1';
  const answers: HttpAnswer[] = [];
  if (read) {
    const names = read.parameters.filter((one) => one.in === 'path').map(({ name }) => [name, broken] as const);
    answers.push(await prober.call(read, { path: Object.fromEntries(names) }));
  }
  const [key = ''] = resource.table.primaryKey;
  const isText = resource.table.columns.some(
    ({ name, type }) => name === key && /^(text|character varying)/.test(type),
  );
  const [first] = stored;
  if (create && first && isText && key in bodyProperties(create, prober.document)) {
    answers.push(await createAndRemove(prober, resource, create, { ...first.sent, [key]: broken }));
  }
  for (const answer of answers) {
    prober.expect(answer, answer.headers['x-injected'] === undefined, 'no header made from what was sent');
  }
}

async function createAndRemove(
  prober: Prober,
  resource: Resource,
  create: Operation,
  json: object,
): Promise<HttpAnswer> {
  const answer = await prober.call(create, { json });
  if (answer.status === 201 && resource.remove) {
    await prober.call(resource.remove, {
      path: keyOf(resource, resource.remove, answer.json as Record<string, unknown>),
    });
  }
  return answer;
}
