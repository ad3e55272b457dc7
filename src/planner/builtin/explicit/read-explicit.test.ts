import assert from 'node:assert/strict';
import { test } from 'node:test';
import { designSchema } from '../design-schema.ts';
import { readExplicit } from './read-explicit.ts';

function shape(prompt: string): Record<string, string> {
  const { tables } = designSchema(prompt);
  const house = new Set(['id', 'created_at', 'updated_at']);
  return Object.fromEntries(
    tables.map(({ tableName, columns = [] }) => [
      tableName,
      columns
        .map(({ name }) => name)
        .filter((name) => !house.has(name))
        .join(' '),
    ]),
  );
}

test('honours pasted CREATE TABLE statements as they stand', () => {
  const sql = `CREATE TABLE "Shop" (id bigint, note text DEFAULT 'a;b)');\nCREATE INDEX note_idx ON "Shop" (note);\nCREATE TABLE IF NOT EXISTS public.Items (id int)`;
  const { tables } = designSchema(`Please build this:\n${sql}`);
  assert.deepEqual(
    tables.map(({ tableName }) => tableName),
    ['Shop', 'items'],
  );
  assert.match(tables[0]?.createQuery ?? '', /DEFAULT 'a;b\)'\)/);
});

test('takes what a comment in pasted SQL says for neither quotes nor brackets', () => {
  const sql = `CREATE TABLE a (\n  id int, -- the owner's (first\n  note text /* it's; */\n);\nCREATE TABLE b (id int);`;
  assert.deepEqual(
    designSchema(sql).tables.map(({ tableName }) => tableName),
    ['a', 'b'],
  );
});

test('reads the shorthand with types, marks, keys and many-to-many ties', () => {
  const prompt = 'posts(title, body:text, slug!, status:draft|published, subtitle?, author->users, tags<->)';
  assert.deepEqual(shape(prompt), {
    users: 'name',
    tags: 'name',
    posts: 'title body slug status subtitle author_id',
    post_tags: 'post_id tag_id',
  });
});

test('reads bare shorthand, where the name of a table is a key to it', () => {
  assert.deepEqual(shape('books(title, author, due date), loans(book, member)'), {
    books: 'title author due_date',
    loans: 'book_id member',
  });
});

test('takes an aside in brackets for prose', () => {
  assert.equal(
    readExplicit('Users tag their contacts (for example: friends, colleagues, etc.) and call them.'),
    undefined,
  );
  assert.equal(readExplicit('my vinyl collection (artist, album, year, condition)'), undefined);
});

test('reads what stands around the shorthand too', () => {
  assert.deepEqual(
    Object.keys(shape('veterinary clinic: owners, pets, visits (date, reason, cost), vaccinations')).toSorted(),
    ['owners', 'pets', 'vaccinations', 'visits'],
  );
  const library = shape(
    'a library: books (title, isbn, pages:int), members with a name and an email, each loan records the book, the member and the due date',
  );
  assert.equal(library['books'], 'title isbn pages');
  assert.equal(library['members'], 'name email');
  assert.match(library['loans'] ?? '', /book_id member_id/);
});

test('reads DBML with references in and outside the columns', () => {
  const dbml =
    'Table users {\n  id integer [pk]\n  email varchar [unique, not null]\n}\nTable posts {\n  id integer\n  title varchar\n  user_id integer\n}\nRef: posts.user_id > users.id';
  assert.deepEqual(shape(dbml), { users: 'email', posts: 'title user_id' });
  assert.match(designSchema(dbml).tables[1]?.createQuery ?? '', /user_id varchar NOT NULL REFERENCES users \(id\)/);
});

test('reads YAML blocks of typed columns', () => {
  const yaml =
    'Build this:\ntables:\n  users:\n    - email: string\n  posts:\n    - title: string\n    - author -> users';
  assert.deepEqual(shape(yaml), { users: 'email', posts: 'title author_id' });
});

test('makes tables of an OpenAPI document, as JSON and as YAML', () => {
  const document = {
    openapi: '3.1.0',
    components: {
      schemas: {
        Pet: {
          properties: {
            id: { type: 'string' },
            name: { type: 'string' },
            owner: { $ref: '#/components/schemas/Owner' },
            status: { enum: ['in', 'out'] },
          },
          required: ['name'],
        },
        Owner: {
          properties: {
            email: { type: 'string' },
            pets: { type: 'array', items: { $ref: '#/components/schemas/Pet' } },
          },
        },
        ErrorResponse: { properties: { message: { type: 'string' } } },
      },
    },
  };
  assert.deepEqual(shape(`Implement ${JSON.stringify(document)}`), { owners: 'email', pets: 'name owner_id status' });
  const yaml =
    'openapi: 3.0.0\npaths:\n  /pets:\n    get: {}\ncomponents:\n  schemas:\n    Pet:\n      type: object\n      properties:\n        name:\n          type: string\n        age:\n          type: integer';
  assert.deepEqual(shape(yaml), { pets: 'name age' });
});

test('leaves prose with asides in brackets to the grammar', () => {
  assert.equal(readExplicit('Each room has a type (single, double) and a price (in euros).'), undefined);
  assert.equal(readExplicit('A note: we like lists.\nThings:\n- one\n- two'), undefined);
});
