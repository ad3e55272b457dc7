import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ProjectId, RunId } from '../domain/ids.ts';
import type { GateResult, Receipt } from '../domain/receipt.ts';
import { renderReceiptPage } from './receipt-page.ts';
import { addGate } from './receipt.ts';

const gate = (name: GateResult['gate'], change: Partial<GateResult> = {}): GateResult => ({
  gate: name,
  status: 'passed',
  durationMs: 12,
  summary: 'as it should be',
  evidence: [],
  ...change,
});

const receipt: Receipt = {
  version: 1,
  runId: 'run_1' as RunId,
  projectId: 'project_1' as ProjectId,
  name: 'blog',
  prompt: 'a blog <script>alert(1)</script> & "more"',
  planner: 'builtin',
  design: 'planned',
  schemaHash: 'ab12',
  sourceHash: 'cd34',
  versions: { Postgres: '18.4' },
  sandbox: ['Commands see no variable of ours.'],
  gates: [gate('schema-checked'), gate('tests', { durationMs: 1234, evidence: ['pass <7>'] })],
  passed: true,
  createdAt: 1_800_000_000,
};

test('shows verdict, gates, evidence, hashes and guarantees, and escapes all that came from outside', () => {
  const page = renderReceiptPage(receipt);
  assert.match(page, /Verified: 2 gates passed/);
  assert.match(page, /a blog &#60;script&#62;alert\(1\)&#60;\/script&#62; &#38; &#34;more&#34;/);
  assert.match(page, /pass &#60;7&#62;/);
  assert.match(page, /1\.2 s/);
  for (const text of ['ab12', 'cd34', 'Commands see no variable of ours.', '18.4', '2027-01-15 08:00:00 UTC'])
    assert.ok(page.includes(text), text);
  assert.doesNotMatch(page, /<script|https?:|src=|url\(/);
});

test('opens what failed and says that nothing is verified', () => {
  const failed = addGate(receipt, gate('types', { status: 'failed', evidence: ['src/app.ts(1,1)'] }));
  const page = renderReceiptPage(failed);
  assert.match(page, /Not verified: 1 of 3 gates failed/);
  assert.match(page, /<li class="failed"><details open>/);
});

test('a gate that is added takes its place in the order and decides whether the receipt passes', () => {
  const failing = addGate(receipt, gate('types', { status: 'failed' }));
  assert.deepEqual(
    [failing.gates.map((one) => one.gate), failing.passed],
    [['schema-checked', 'types', 'tests'], false],
  );
  const mended = addGate(failing, gate('types'));
  assert.deepEqual([mended.gates.length, mended.passed], [3, true]);
  assert.equal(addGate(receipt, gate('boot', { status: 'skipped' })).passed, true);
});
