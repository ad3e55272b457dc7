import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DETAILS, fakeOutput, RESULT } from '../../../test/support/cli-fakes.ts';
import { footer } from './footer.ts';
import { styleFor } from './style.ts';

const context = {
  style: styleFor(fakeOutput(), {}, true),
  command: 'turbobackend',
  home: '/home/ada',
  database: DETAILS.database,
  calls: ['users', 'posts', 'post-comments'].map((name) => `curl ${RESULT.url}/v1/${name}`),
};

test('tells where everything is, the password masked, and what to try', () => {
  assert.equal(
    footer(RESULT, context),
    `
Your backend is running. 7.5s · $0.00

  API         http://127.0.0.1:4310
  Docs        http://127.0.0.1:4310/docs
  Code        ~/turbobackend/projects/blog
  Repository  ~/turbobackend/repositories/blog.git
  Receipt     ~/turbobackend/projects/blog/receipt.html
  Database    postgres://tb_k3x9_app:****@127.0.0.1:4320/tb_k3x9

Try it
  curl http://127.0.0.1:4310/v1/users
  curl http://127.0.0.1:4310/v1/posts
  curl http://127.0.0.1:4310/v1/post-comments
  turbobackend sql blog "select count(*) from users"
  turbobackend stop blog
`,
  );
});

test('many tables get a few lines, and a reserved name is quoted so that the line can be pasted', () => {
  const database = { name: 'tb_k3x9', tables: ['order', 'b', 'c', 'd', 'e', 'f'] };
  const calls = 'abcdefg'.split('').map((name) => `curl ${RESULT.url}/v1/${name}`);
  const text = footer({ ...RESULT, database }, { ...context, command: 'npm start --', calls });
  assert.match(text, /… and 2 more collections: see the docs/);
  assert.match(text, /npm start -- sql blog 'select count\(\*\) from "order"'\n/);
});

test('without a database there is no line about one', () => {
  const text = footer(
    { ...RESULT, needsDatabase: false, database: null, costUsd: null },
    { ...context, database: null, calls: [] },
  );
  assert.doesNotMatch(text, /Database|select|\$/);
  assert.match(text, /curl http:\/\/127\.0\.0\.1:4310\/docs\n/);
});

test('what is missing stands before everything else, with how it is mended', () => {
  const missing = [{ what: 'Only a frame: POST /convert answers 501', fix: 'Run turbobackend create again.' }];
  const text = footer({ ...RESULT, missing, design: 'guess' }, { ...context, command: 'npm start --' });
  assert.match(
    text,
    /^\n\S+ Not all that you asked for is there\. Only a frame: POST \/convert answers 501\n {2}fix: Run npm start -- create again\./,
  );
  assert.doesNotMatch(text, /Your backend is running/);
  assert.match(text, /Its tables are a guess/);
});
