import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { designSchema } from './design-schema.ts';
import { singularName } from './names.ts';

const THINGS = fc.constantFrom(
  ...'books members beekeepers hives zorbles queens checkpoints results invoices tools chargers playlists goats flimworts deposits splits tickets teams skippers'.split(
    ' ',
  ),
);
const COLUMNS = fc.constantFrom(
  'name',
  'due date',
  'price',
  'colour',
  'wingspan',
  'status',
  'phone number',
  'plumage',
  'weight',
);
const PLACES = fc.constantFrom('bakery', 'gym', 'small museum', 'bike rental', 'wedding planner');

/** The ways in which people list things. */
const SHAPES: readonly ((things: readonly string[], columns: readonly string[], place: string) => string)[] = [
  (things) => things.join(', '),
  (things, _, place) => `a ${place} with ${inWords(things)}`,
  (things, columns) => `${things.join(', ')} and ${things[0]} have ${inWords(columns)}`,
  (things, columns) => things.map((thing) => `- ${thing} (${columns.join(', ')})`).join('\n'),
  (things, columns, place) =>
    `an API for my ${place}: ${things[0]} with ${inWords(columns)}, ${things.slice(1).join(', ')}`,
  (things) => `which ${things[0]} used which ${things[1]}, and the ${inWords(things.slice(2))} of each`,
  (things, columns) => things.map((thing) => `Each ${singularName(thing)} has a ${columns[0]}.`).join(' '),
];

test('every noun of a prompt ends as a table, a column, a value, the name of the product, or a warning', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(THINGS, { minLength: 3, maxLength: 6 }),
      fc.uniqueArray(COLUMNS, { minLength: 2, maxLength: 3 }),
      PLACES,
      fc.constantFrom(...SHAPES),
      (things, columns, place, shape) => {
        const prompt = shape(things, columns, place);
        const { tables, warnings, questions = [] } = designSchema(prompt);
        const design = tables
          .flatMap(({ tableName, columns: own = [], createQuery }) => [
            tableName,
            createQuery,
            ...own.map(({ name }) => name),
          ])
          .join(' ');
        const said = `${design} ${warnings.join(' ')} ${questions.join(' ')}`.toLowerCase();
        const asked = things.filter((thing) => prompt.includes(singularName(thing)));
        const lost = asked.filter((thing) => !said.includes(singularName(thing)));
        assert.deepEqual(lost, [], prompt);
      },
    ),
    { numRuns: 300, seed: 14 },
  );
});

function inWords(items: readonly string[]): string {
  return items.length < 2 ? (items[0] ?? '') : `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`;
}
