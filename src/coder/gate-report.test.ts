import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DatabaseSchema, Table } from '../domain/database-schema.ts';
import type { GateName, GateResult } from '../domain/receipt.ts';
import { gateReport } from './gate-report.ts';

const gate = (name: GateName, evidence: readonly string[], status: GateResult['status'] = 'failed'): GateResult => ({
  gate: name,
  status,
  durationMs: 1,
  summary: `${evidence[0] ?? ''} (and 3 more)`,
  evidence,
});

test('with type errors nothing else is told: the rest follows from them', () => {
  const types = gate('types', ['Version 7', "/p/src/app.ts(1,2): error TS2304: Cannot find name 'Problem'."]);
  const boot = gate('boot', ['ReferenceError: Problem is not defined']);
  const report = gateReport([types, boot, gate('tests', ['not ok 1'])], '/p');
  assert.match(report, /src\/app\.ts\(1,2\): error TS2304/);
  assert.doesNotMatch(report, /ReferenceError|not ok 1|\/p\//);
  assert.match(report, /not told before this is mended: boot, tests\./);
});

test('a server that does not start comes before what was asked of it', () => {
  const report = gateReport([gate('tests', ['not ok 1 - adds']), gate('boot', ['exit code 1'])], '/p');
  assert.match(report, /^boot: exit code 1/);
  assert.doesNotMatch(report, /not ok/);
});

test('each cause stands there once, with how often it shows', () => {
  const lines = Array.from(
    { length: 9 },
    (_, index) => `GET /v1/posts?limit=${index}: expected 200 with the rows; found 500 {"detail":"${index}"}`,
  );
  const report = gateReport(
    [gate('http-smoke', [...lines, 'POST /v1/posts {}: expected 201 for a row; found 409'])],
    '/p',
  );
  assert.equal(report.split('expected 200').length - 1, 1);
  assert.match(report, /limit=0: expected 200 .* \(and 8 like it\)/);
  assert.match(report, /found 409/);
});

test('whoever names a column that there is not is told the columns of the table', () => {
  const column = { name: 'author' } as Table['columns'][number];
  const schema: DatabaseSchema = {
    enums: [],
    tables: [{ name: 'posts', columns: [column, { ...column, name: 'title' }] } as unknown as Table],
  };
  const line = 'src/a.ts:3: column "autor" does not exist in: SELECT autor FROM posts';
  assert.match(gateReport([gate('sql-prepares', [line])], '/p', schema), /posts has: author, title/);
});

test('it is never longer than 2 KB', () => {
  const lines = Array.from({ length: 30 }, (_, index) => `${'abcdefghij'[index % 10]?.repeat(900)} failed`);
  const gates = (['sql-prepares', 'tests', 'http-smoke', 'security-probes', 'every-route'] as const).map((name) =>
    gate(name, lines),
  );
  assert.ok(gateReport(gates, '/p').length <= 2000);
});

test('what was seen of operations that do what they should is no cause', () => {
  const fault = 'GET /posts/{id} (src/routes/posts.ts:7): neither the suite nor a gate saw it succeed (404×2)';
  const evidence = [
    fault,
    'rule: PATCH /posts/{id} answers 409: it has begun',
    'GET /posts (src/routes/posts.ts:3): 200×3; not seen: 503',
    'DELETE /posts/{id}: not called',
  ];
  const gates = [{ gate: 'every-route', status: 'failed', durationMs: 1, summary: fault, evidence }] as const;
  assert.equal(gateReport(gates, '/p'), `every-route: ${fault}\nPassed: none.`);
});
