import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DatabaseSchema } from '../../../domain/database-schema.ts';
import { codingPrompt, codingRequest } from './coding-prompt.ts';

const schema: DatabaseSchema = {
  enums: [{ name: 'mood', values: ['fine', 'bad'] }],
  tables: [
    {
      name: 'notes',
      columns: [
        { name: 'id', type: 'character varying(21)', nullable: false },
        { name: 'owner_id', type: 'character varying(21)', nullable: false },
        { name: 'stars', type: 'integer', nullable: true, default: '0' },
      ],
      primaryKey: ['id'],
      foreignKeys: [
        {
          name: 'notes_owner_id_fkey',
          columns: ['owner_id'],
          referencedTable: 'users',
          referencedColumns: ['id'],
          onDelete: 'cascade',
          onUpdate: 'no action',
        },
      ],
      uniques: [{ name: 'notes_key', columns: ['owner_id', 'stars'], nullsNotDistinct: false }],
      checks: [{ name: 'notes_stars_check', expression: 'stars >= 0' }],
      indexes: [],
    },
  ],
};
const blueprint = { name: 'notes', prompt: 'notes', schema, statements: [], endpoints: [] };
const files = new Map([
  ['AGENTS.md', '# The rules\n'],
  ['src/app.ts', 'const secret = 1;'],
]);

test('tells the schema as it was read back, in one line of JSON, and how the database is reached', () => {
  const prompt = codingPrompt(blueprint, files);
  const [, section = ''] = prompt.split(
    'DATABASE AVAILABLE:\nYou have access to a Postgres database with the following schema:\n',
  );
  assert.deepEqual(JSON.parse(section.split('\n')[0] ?? ''), [
    {
      tableName: 'notes',
      columns: [
        { name: 'id', type: 'character varying(21)', constraints: 'PRIMARY KEY' },
        {
          name: 'owner_id',
          type: 'character varying(21)',
          constraints: 'NOT NULL REFERENCES users (id) ON DELETE CASCADE',
        },
        { name: 'stars', type: 'integer', constraints: 'DEFAULT 0' },
      ],
      constraints: ['UNIQUE (owner_id, stars)', 'CHECK (stars >= 0)'],
    },
  ]);
  assert.match(section, /Enum mood: \["fine","bad"\]/);
  assert.match(section, /configured in \.env:\n- DB_HOST, DB_PORT, DB_NAME, DB_USER, DB_PASSWORD\n\nINSTRUCTIONS:\n/);
  assert.match(section, /- Use parameterized queries to prevent SQL injection/);
});

test('has the conventions and the paths, and no file’s content', () => {
  const prompt = codingPrompt(blueprint, files);
  assert.match(prompt, /# The rules/);
  assert.match(prompt, /FILES:\nAGENTS\.md\nsrc\/app\.ts$/);
  assert.doesNotMatch(prompt, /const secret/);
});

test('without a database there is no word of one', () => {
  const prompt = codingPrompt({ ...blueprint, schema: undefined }, files);
  assert.doesNotMatch(prompt, /DATABASE AVAILABLE|Postgres/);
  assert.match(prompt, /answers 501 until you write/);
});

test('the user’s words are not part of what stays the same', () => {
  assert.doesNotMatch(codingPrompt({ ...blueprint, prompt: 'hidden words' }, files), /hidden words/);
  assert.match(codingRequest('hidden words'), /hidden words/);
});
