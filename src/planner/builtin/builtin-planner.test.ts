import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { parse } from 'libpg-query';
import { TurboError } from '../../domain/errors.ts';
import { BuiltinPlanner } from './builtin-planner.ts';

const planner = new BuiltinPlanner();
const { signal } = new AbortController();

test('needs no database for what keeps nothing', async () => {
  const stateless = [
    'an API that converts temperatures between Celsius and Fahrenheit',
    'a JWT decoder',
    'a password generator',
    'a QR code API',
    'a proxy that caches nothing',
    'webhook forwarder that stores nothing',
    'image resizer',
    'validates IBANs',
    'calculates BMI from height and weight',
    'a stateless markdown renderer',
    'una API que convierte monedas',
  ];
  for (const prompt of stateless) assert.equal((await planner.detectNeed(prompt, signal)).needsDatabase, false, prompt);
});

test('needs a database for what is kept, shared or looked up again', async () => {
  const stateful = [
    'a REST API for a blog with users, posts and comments',
    'a URL shortener',
    'track my expenses',
    'a chat server with history',
    'an online shop',
    'an API with Postgres',
    'a shop with users, products and orders and stateless JWT authentication',
    'a backend for members and bookings that must not store plain passwords',
    'posts(title, body:text, author->users)',
    'a currency converter that keeps a history of each user',
    'eine Verwaltung für Mitglieder und Kurse',
  ];
  for (const prompt of stateful) assert.equal((await planner.detectNeed(prompt, signal)).needsDatabase, true, prompt);
});

test('names what spoke for its answer, and how sure it is', async () => {
  const need = await planner.detectNeed('a webhook forwarder that stores nothing', signal);
  assert.deepEqual(need, { needsDatabase: false, reasoning: 'The prompt says that nothing is stored.', confidence: 1 });
});

test('refuses to design for a prompt without words', async () => {
  await assert.rejects(planner.proposeSchema('!!! 😀 ???', signal), { code: 'SCHEMA_DESIGN_FAILED' });
  await assert.rejects(planner.proposeSchema('', signal), { code: 'SCHEMA_DESIGN_FAILED' });
});

test('stops when it is told to', async () => {
  const aborted = AbortSignal.abort();
  await assert.rejects(planner.proposeSchema('a blog', aborted), { name: 'AbortError' });
});

const WORDS = [
  'users',
  'has',
  'each',
  '(',
  ')',
  ',',
  'with',
  'id',
  "'; DROP TABLE x; --",
  'order',
  'ユーザー',
  '😀',
  'create table',
  '->',
  ':',
  'and',
  'Пользователь',
  'record',
  'many',
  '.',
  '\n',
  'books',
  '"',
];

test('answers any text with sound SQL or a clear refusal', async () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 200 }),
    fc.array(fc.constantFrom(...WORDS), { maxLength: 40 }).map((words) => words.join(' ')),
  );
  await fc.assert(fc.asyncProperty(text, holds), { numRuns: 300 });
});

test('reads long prompts in a moment', async () => {
  const long = 'each user has a name and creates orders with items. '.repeat(1000);
  const started = performance.now();
  await holds(long);
  await holds('users('.repeat(8000));
  await holds('create table a ('.repeat(3000));
  await holds('a'.repeat(50_000));
  assert.ok(performance.now() - started < 10_000);
});

async function holds(prompt: string): Promise<void> {
  await planner.detectNeed(prompt, signal);
  for (const { path } of await planner.sketchEndpoints(prompt, signal))
    assert.match(path, /^\/[a-z0-9-]+(\/[a-z0-9-]+)*$/);
  // Pasted SQL is handed on as it stands, for the schema room to judge.
  if (/create\s+table/i.test(prompt)) return;
  const proposal = await planner.proposeSchema(prompt, signal).catch((error: unknown) => {
    assert.ok(error instanceof TurboError && error.code === 'SCHEMA_DESIGN_FAILED');
    return undefined;
  });
  if (proposal === undefined) return;
  const names = proposal.tables.map(({ tableName }) => tableName);
  assert.ok(names.length > 0 && new Set(names).size === names.length);
  for (const { tableName, columns = [], createQuery } of proposal.tables) {
    assert.match(tableName, /^[a-z_][a-z0-9_]{0,61}$/);
    assert.equal(new Set(columns.map(({ name }) => name)).size, columns.length);
    const targets = [...createQuery.matchAll(/REFERENCES (\w+) \(id\)/g)].map(([, target]) => target);
    assert.ok(
      targets.every((target) => names.includes(target ?? '')),
      createQuery,
    );
    await parse(createQuery);
  }
}
