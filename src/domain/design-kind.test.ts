import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DESIGN_IS_GUESS_BELOW, designKind } from './design-kind.ts';

test('a design is given by its owner, planned, or a guess when its planner is not sure of it', () => {
  const proposal = { tables: [], warnings: [] };
  assert.equal(designKind(proposal, true), 'given');
  assert.equal(designKind({ ...proposal, given: 'SQL' }, false), 'given');
  assert.equal(designKind(proposal, false), 'planned');
  assert.equal(designKind({ ...proposal, confidence: DESIGN_IS_GUESS_BELOW - 0.01 }, false), 'guess');
  assert.equal(designKind({ ...proposal, confidence: DESIGN_IS_GUESS_BELOW }, false), 'planned');
});
