import assert from 'node:assert/strict';
import { test } from 'node:test';
import { designSchema } from '../design-schema.ts';

/** Tables with their keys to others: `loans > neighbors tools`. */
function keysOf(prompt: string): Record<string, string[]> {
  return Object.fromEntries(
    designSchema(prompt).tables.map(({ tableName, columns = [] }) => [
      tableName,
      columns.flatMap(({ constraints }) => /REFERENCES (\w+)/.exec(constraints)?.[1] ?? []),
    ]),
  );
}

function columnsOf(prompt: string, table: string): string[] {
  const found = designSchema(prompt).tables.find(({ tableName }) => tableName === table);
  return (found?.columns ?? []).map(({ name }) => name).filter((name) => !/^(?:id|created_at|updated_at)$/.test(name));
}

test('keeps what happens between things that the prompt asks for by «which»', () => {
  assert.deepEqual(keysOf('remember which neighbor borrowed which tool')['loans'], ['neighbors', 'tools']);
  assert.deepEqual(keysOf('which employee attended which training')['attendance'], ['employees', 'trainings']);
});

test('makes a table between where one side is said to have several of what it has one of otherwise', () => {
  assert.deepEqual(keysOf('an API where a book can have several authors')['book_authors'], ['books', 'authors']);
  assert.deepEqual(keysOf('recipes and ingredients, many to many')['recipe_ingredients'], ['recipes', 'ingredients']);
  assert.deepEqual(Object.keys(keysOf('movies and actors (n:m)')).length, 3);
});

test('goes on with the outer list behind the columns of an item', () => {
  const prompt = 'employees with name and salary, departments, projects with title and deadline, and time entries';
  assert.deepEqual(Object.keys(keysOf(prompt)).toSorted(), ['departments', 'employees', 'projects', 'time_entries']);
  assert.deepEqual(columnsOf(prompt, 'projects'), ['title', 'deadline']);
});

test('keeps what a row is called by, whatever else is told of it', () => {
  assert.ok(columnsOf('a film club: films with year and director, members', 'films').includes('title'));
});

test('reads rules in words: one per, soft deletes', () => {
  const votes = designSchema(
    'feature requests, users and votes, no more than one vote per user and request',
  ).tables.find(({ tableName }) => tableName === 'votes');
  assert.match(votes?.createQuery ?? '', /UNIQUE \(/);
  assert.ok(
    columnsOf("a dentist's office: patients and treatments, one treatment per tooth", 'treatments').includes('tooth'),
  );
  assert.ok(columnsOf('customers and orders with soft deletes', 'orders').includes('deleted_at'));
});

test('takes a product that everybody knows as a base, with the things of the prompt in their places', () => {
  assert.deepEqual(keysOf('Airbnb for boats')['bookings'], ['users', 'boats']);
  assert.ok('board_games' in keysOf('like Goodreads but for board games'));
  assert.ok('wedding_planners' in keysOf('like Trello but for wedding planners'));
});

test('reads a slip of the finger as the thing it is next to, and says so', () => {
  const { tables, warnings } = designSchema(
    'inventory for a hardware store with suplliers, prodcuts and purchase orders',
  );
  assert.ok(tables.some(({ tableName }) => tableName === 'suppliers'));
  assert.match(warnings.join(' '), /«suplliers» as suppliers/);
});

test('keeps each time that the author does something to what is kept', () => {
  const keys = keysOf('my houseplants, when I watered, fertilised and repotted them');
  assert.deepEqual(keys['waterings'], ['houseplants']);
  assert.deepEqual(keys['repottings'], ['houseplants']);
  assert.deepEqual(keys['fertilisations'], ['houseplants']);
});

test('ties what a clause speaks of together, though neither a verb nor the library says how', () => {
  const prompt =
    'The laboratory receives samples from clinics. Each clinic has a name and an address. Every sample has a number and a tissue type. ' +
    'Each sample may undergo several tests, and for each test the result and the unit are recorded. '.repeat(2) +
    'The system should ensure the security of the data and provide statistics.';
  assert.ok(keysOf(prompt)['tests']?.includes('samples'), JSON.stringify(keysOf(prompt)));
});
