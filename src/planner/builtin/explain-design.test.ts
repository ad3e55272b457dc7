import assert from 'node:assert/strict';
import { test } from 'node:test';
import { designSchema } from './design-schema.ts';
import { explainDesign } from './explain-design.ts';

const PROMPT = 'my plants with name, species and due date, when I watered them';

test('says of every table, column and key why it is there', () => {
  const proposal = designSchema(PROMPT);
  const reasons = explainDesign(PROMPT, proposal);
  for (const { tableName, columns = [] } of proposal.tables) {
    assert.ok(
      reasons.some(({ table, column }) => table === tableName && column === undefined),
      tableName,
    );
    const own = columns.filter(({ name }) => !/^(?:id|created_at|updated_at)$/.test(name));
    for (const { name } of own)
      assert.ok(
        reasons.some(({ table, column }) => table === tableName && column === name),
        `${tableName}.${name}`,
      );
  }
  const why = (table: string, column?: string) =>
    reasons.find((reason) => reason.table === table && reason.column === column)?.because;
  assert.match(why('plants') ?? '', /named in «my plants/);
  assert.match(why('plants', 'species') ?? '', /told: «species»/);
  assert.match(why('waterings', 'plant_id') ?? '', /points at one of plants/);
});

test('says of what was pasted that it was pasted', () => {
  const tables = [{ tableName: 'a', createQuery: 'CREATE TABLE a (id int)' }];
  assert.deepEqual(explainDesign('', { tables, warnings: [], given: 'SQL' }), [
    { table: 'a', because: 'it was pasted (SQL)' },
  ]);
});
