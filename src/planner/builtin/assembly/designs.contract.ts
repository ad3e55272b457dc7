import assert from 'node:assert/strict';
import { test } from 'node:test';
import { designSchema } from '../design-schema.ts';

/** A prompt, and `table.column` with what must be said of it; a `!` in front of what must not be there. */
export type ExpectedDesign = readonly [prompt: string, ...expectations: string[]];

/** One test for each prompt. */
export function testDesigns(designs: readonly ExpectedDesign[]): void {
  for (const [prompt, ...expectations] of designs) {
    test(`«${prompt}»: ${expectations.join(', ')}`, () => {
      const found = described(prompt);
      for (const expectation of expectations) {
        const [place = '', ...said] = expectation.replace('!', '').split(' ');
        if (expectation.startsWith('!')) assert.ok(!found.has(place), `${place} is there`);
        else assert.ok(found.get(place)?.includes(said.join(' ')), `${place} ${found.get(place)}`);
      }
    });
  }
}

/** Tables and their columns → the columns' constraints. */
function described(prompt: string): Map<string, string> {
  const { tables } = designSchema(prompt);
  const columns = tables.flatMap(({ tableName, columns: own = [] }) =>
    own.map(({ name, constraints }) => [`${tableName}.${name}`, constraints] as const),
  );
  return new Map([...tables.map(({ tableName }) => [tableName, ''] as const), ...columns]);
}
