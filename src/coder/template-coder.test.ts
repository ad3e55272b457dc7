import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TurboError } from '../domain/errors.ts';
import { newId } from '../domain/ids.ts';
import type { EndpointSketch } from '../domain/schema-design.ts';
import type { SourceFile } from '../domain/source-file.ts';
import type { BackendBlueprint } from '../scaffold/scaffold.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import { TemplateCoder } from './template-coder.ts';

const id = { name: 'id', type: 'bigint', nullable: false, identity: 'always' } as const;
const title = { name: 'title', type: 'text', nullable: false };
const posts = {
  name: 'posts',
  columns: [id, title],
  primaryKey: ['id'],
  foreignKeys: [],
  uniques: [],
  checks: [],
  indexes: [],
};
const blog: BackendBlueprint = {
  name: 'blog',
  prompt: 'a blog',
  schema: { enums: [], tables: [posts] },
  statements: ['CREATE TABLE posts (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, title text NOT NULL)'],
  endpoints: [],
};
const convert: EndpointSketch = {
  method: 'POST',
  path: '/convert',
  summary: 'Converts units',
  inputs: [{ name: 'value', type: 'number', description: 'What to convert', required: true }],
  outputs: [{ name: 'result', type: 'number', description: 'The converted value', required: true }],
};

/** A sandbox that only has files. */
function folder(files: Map<string, string>): Sandbox {
  return {
    writeFiles: (written: readonly SourceFile[]) => {
      for (const { path, content } of written) files.set(path, content);
      return Promise.resolve();
    },
    deleteFile: (path: string) => {
      files.delete(path);
      return Promise.resolve();
    },
    listFiles: () => Promise.resolve([...files.keys()].toSorted()),
    readFiles: (paths: readonly string[]) =>
      Promise.resolve(paths.map((path) => ({ path, content: files.get(path) ?? '' }))),
  } as Partial<Sandbox> as Sandbox;
}

function write(blueprint: BackendBlueprint, sandbox: Sandbox, signal = new AbortController().signal) {
  return new TemplateCoder().write({
    blueprint,
    steps: { runId: newId('run'), signal, step: (_name, effect) => effect(signal) },
    workshop: {
      openSandbox: () => Promise.resolve(sandbox),
      database: undefined,
      check: () => assert.fail('the scaffold is checked by the phase that comes after'),
    },
    report: () => Promise.resolve(),
  });
}

test('writes the scaffold, and removes what an earlier version had and this one has not', async () => {
  const files = new Map([['src/routes/gone.ts', 'export {};']]);
  const code = await write(blog, folder(files));
  assert.equal(files.has('src/routes/gone.ts'), false);
  assert.ok(files.get('src/routes/posts.ts'));
  assert.deepEqual(code, {
    summary: `${files.size} files for 1 table`,
    fileCount: files.size,
    missing: [],
    warnings: [],
  });
});

test('writing again gives the same files', async () => {
  const [once, twice] = [new Map<string, string>(), new Map<string, string>()];
  await write(blog, folder(once));
  await write(blog, folder(twice));
  await write(blog, folder(twice));
  assert.deepEqual(twice, once);
});

test('names the endpoints that nobody wrote', async () => {
  const code = await write({ ...blog, schema: undefined, statements: [], endpoints: [convert] }, folder(new Map()));
  assert.match(code.summary, /files for 1 endpoint$/);
  assert.match(code.missing[0]?.what ?? '', /^Only a frame: POST \/convert .*501/);
});

test('says that the code could not be written when the sandbox breaks', async () => {
  const broken: Sandbox = { ...folder(new Map()), writeFiles: () => Promise.reject(new Error('disk full')) };
  await assert.rejects(write(blog, broken), (error) => error instanceof TurboError && error.code === 'CODE_FAILED');
});

test('an abort stays an abort', async () => {
  const enough = new Error('enough');
  await assert.rejects(write(blog, folder(new Map()), AbortSignal.abort(enough)), enough);
});
