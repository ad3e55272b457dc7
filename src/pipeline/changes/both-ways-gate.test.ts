import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bothWaysGate } from './both-ways-gate.ts';

const tried = { summary: '2 steps forward and back on a copy with 3 rows', durationMs: 12 };
const LOSS = 'Taken back, the rows of posts would not be as they were';

test('passes when everything came back', () => {
  const gate = bothWaysGate({ ...tried, losses: [], told: [] });
  assert.equal(gate.status, 'passed');
  assert.match(gate.summary, /every row as it was/);
});

test('passes with what the plan told before, and lists it', () => {
  const gate = bothWaysGate({ ...tried, losses: [LOSS], told: ['A pause', LOSS] });
  assert.equal(gate.status, 'passed');
  assert.deepEqual(gate.evidence, [LOSS]);
});

test('fails with what the plan did not tell', () => {
  const other = 'Taken back, the rows of users would not be as they were';
  const gate = bothWaysGate({ ...tried, losses: [LOSS, other], told: [LOSS] });
  assert.equal(gate.status, 'failed');
  assert.deepEqual(gate.evidence, [other]);
});
