import assert from 'node:assert/strict';
import { test } from 'node:test';
import { renewReadme } from './renew-readme.ts';
import { scaffoldBackend } from './scaffold.ts';

const sketch = {
  method: 'POST',
  path: '/iban',
  summary: 'Checks an IBAN',
  inputs: [{ name: 'iban', type: 'string', description: 'The IBAN', required: true }],
  outputs: [{ name: 'country', type: 'string', description: 'Its country', required: true }],
} as const;

async function readmeOf(): Promise<string> {
  const blueprint = { name: 'ibans', prompt: 'ibans', schema: undefined, statements: [], endpoints: [sketch] };
  return (await scaffoldBackend(blueprint)).find(({ path }) => path === 'README.md')?.content ?? '';
}

const document = {
  paths: {
    '/banks': { get: { summary: 'Lists banks' } },
    '/healthz': { get: {} },
    '/iban': { post: { summary: 'Checks | an IBAN' } },
  },
};

test('has every endpoint that the document has, each once, however often it is renewed', async () => {
  const renewed = renewReadme(await readmeOf(), document, ['src/endpoints/iban.ts']);
  assert.match(
    renewed,
    /\| `\/banks` \| GET \| Lists banks \|\n\| `\/iban` \| POST \| Checks \\\| an IBAN \|\n\| `\/healthz`/,
  );
  assert.equal(renewed.match(/^\| `\/(banks|iban|healthz)`/gm)?.length, 3);
  assert.equal(renewReadme(renewed, document, ['src/endpoints/iban.ts']), renewed);
});

test('says of what was written no longer that it is to be written', async () => {
  const readme = await readmeOf();
  assert.match(
    renewReadme(readme, document, ['src/endpoints/iban.ts']),
    /still to be written[^]*`src\/endpoints\/iban\.ts`/,
  );
  const written = renewReadme(readme, document, []);
  assert.doesNotMatch(written, /still to be written|src\/endpoints/);
  assert.match(written, /as they are\.\n\n```sh/);
});

test('leaves a README of somebody’s own as it is', () => {
  assert.equal(
    renewReadme('# Mine\n\n## The API\n\nSee /docs.\n', document, []),
    '# Mine\n\n## The API\n\nSee /docs.\n',
  );
});
