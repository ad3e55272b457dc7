import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assert as holds, constantFrom, option, property, tuple, uniqueArray } from 'fast-check';
import { designSchema } from './design-schema.ts';
import { singularName } from './names.ts';

const THINGS = constantFrom(
  'books',
  'members',
  'kegs',
  'flumphs',
  'stations',
  'recipes',
  'zorbs',
  'invoices',
  'time entries',
);
const FIELDS = constantFrom('name', 'email', 'price', 'colour', 'due date');

/** All that a design says: its names, its values and what it warns of. */
function saidOf(prompt: string): string {
  const { tables, warnings } = designSchema(prompt);
  return singularWords([...tables.map(({ createQuery }) => createQuery), ...warnings].join(' '));
}

function singularWords(text: string): string {
  return (text.toLowerCase().match(/\p{L}+/gu) ?? []).map((word) => singularName(word)).join(' ');
}

test('drops no listed thing in silence, wherever the columns of one stand in the list', () => {
  const list = uniqueArray(tuple(THINGS, option(FIELDS)), {
    minLength: 2,
    maxLength: 6,
    selector: ([thing]) => thing,
  });
  holds(
    property(list, (items) => {
      const told = items.map(([thing, field]) => (field === null ? thing : `${thing} with ${field}`));
      const said = saidOf(`an app for a club: ${told.join(', ')}`);
      for (const [thing] of items) {
        const head = singularWords(thing).split(' ').at(-1) ?? '';
        assert.ok(said.split(' ').includes(head), `${thing} of «${told.join(', ')}» is nowhere in ${said}`);
      }
    }),
    { numRuns: 60 },
  );
});

test('says which words it has no place for, is less sure then, and asks', () => {
  const dropped = designSchema('track my houseplants and how much light they need');
  assert.match(dropped.warnings.join(' '), /light/);
  assert.ok((dropped.confidence ?? 1) < 0.7);
  assert.match(dropped.questions?.join(' ') ?? '', /only a word/);
});

test('takes an answer to its question: a word that is only a word is asked about no more', () => {
  const prompt = 'track my houseplants and how much light they need';
  const asked = designSchema(`${prompt}. Light is only a word.`);
  assert.doesNotMatch(asked.warnings.join(' '), /«how much light»/);
});
