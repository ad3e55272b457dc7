import assert from 'node:assert/strict';
import { stripTypeScriptTypes } from 'node:module';
import { test } from 'node:test';
import * as fc from 'fast-check';
import type { Column, DatabaseSchema, Table } from '../domain/database-schema.ts';
import type { SourceFile } from '../domain/source-file.ts';
import { scaffoldBackend, type BackendBlueprint } from './scaffold.ts';

const NASTY = [
  '__proto__',
  'constructor',
  'default',
  '*/ process.exit() /*',
  "it's",
  '${1}`',
  '</script>',
  'a\nb',
  '\u2028\u202e',
  '\\',
  '日本語',
  '../../etc',
  '',
  ' ',
  '$(touch x)',
  '`x`|<b>|[y](javascript:1)',
];
const text = fc.oneof(fc.constantFrom(...NASTY), fc.string({ unit: 'binary', maxLength: 20 }));
const name = text.map((value) => value.replaceAll('\0', '')).filter((value) => value !== '');

test('the same blueprint gives the same bytes', async () => {
  const blueprint = blueprintOf(schemaOf(['users', 'posts'], ['id', 'title'], 'A comment', ['a']), 'a blog');
  assert.deepEqual(await scaffoldBackend(blueprint), await scaffoldBackend(blueprint));
});

test('a backend that nobody signs in to has no trace of accounts', async () => {
  const blueprint = blueprintOf(schemaOf(['users', 'posts'], ['id', 'title'], 'A comment', ['a']), 'a blog');
  const files = await scaffoldBackend(blueprint);
  assert.deepEqual(await scaffoldBackend({ ...blueprint, access: { auth: 'none', tables: [] } }), files);
  for (const { path, content } of files) {
    assert.doesNotMatch(path, /access|auth/);
    assert.doesNotMatch(content, /auth\/|request\.who|knowAccounts/, path);
  }
});

test('every script that starts TypeScript looks at the Node first', async () => {
  const files = await scaffoldBackend(
    blueprintOf(schemaOf(['users', 'posts'], ['id', 'title'], 'A comment', ['a']), 'a blog'),
  );
  const manifest = JSON.parse(files.find(({ path }) => path === 'package.json')?.content ?? '{}') as {
    scripts: Record<string, string>;
  };
  const started = Object.keys(manifest.scripts).filter((script) => /^node .*\.ts/.test(manifest.scripts[script] ?? ''));
  assert.ok(started.includes('start') && started.includes('migrate'));
  for (const script of started) assert.equal(manifest.scripts[`pre${script}`], 'node scripts/check-node.mjs', script);
  assert.ok(files.some(({ path }) => path === 'scripts/check-node.mjs'));
});

test('whatever tables, columns, enums and prompts are called, the files are sound', async () => {
  const schemas = fc
    .tuple(uniqueNames(1, 3), uniqueNames(1, 4), text, fc.uniqueArray(text, { minLength: 1, maxLength: 3 }))
    .map(([tables, columns, comment, words]) => schemaOf(tables, columns, comment, words));
  await fc.assert(
    fc.asyncProperty(schemas, text, async (schema, prompt) => {
      checkFiles(await scaffoldBackend(blueprintOf(schema, prompt)));
    }),
    { numRuns: 10 },
  );
});

test('whatever endpoints are called, the files are sound', async () => {
  const field = fc.record({
    name,
    type: fc.constantFrom('string', 'number', 'integer', 'boolean', 'array', 'object'),
    description: text,
    required: fc.boolean(),
  });
  const endpoint = fc.record({
    method: fc.constantFrom('GET', 'POST'),
    path: text.map((path) => `/${path}`),
    summary: text,
    inputs: fc.array(field, { maxLength: 3 }),
    outputs: fc.array(field, { maxLength: 3 }),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(endpoint, { maxLength: 4 }), text, async (endpoints, prompt) => {
      checkFiles(await scaffoldBackend({ name: 'tool', prompt, schema: undefined, statements: [], endpoints }));
    }),
    { numRuns: 50 },
  );
});

function checkFiles(files: readonly SourceFile[]): void {
  assert.equal(new Set(files.map(({ path }) => path.toLowerCase())).size, files.length);
  for (const { path, content } of files) {
    assert.match(path, /^[\w.-]+(\/[\w.-]+)*$/);
    assert.ok(!path.split('/').includes('..'));
    if (path.endsWith('.ts')) assert.doesNotThrow(() => stripTypeScriptTypes(content), `${path}:\n${content}`);
    if (path.endsWith('.json')) assert.doesNotThrow(() => JSON.parse(content), path);
    if (path === 'README.md') assert.doesNotMatch(content.split('```')[0] ?? '', /^ *<\/?(script|b)>/m);
  }
}

function uniqueNames(minLength: number, maxLength: number): fc.Arbitrary<string[]> {
  return fc.uniqueArray(name, { minLength, maxLength });
}

function blueprintOf(schema: DatabaseSchema, prompt: string): BackendBlueprint {
  return { name: 'blog', prompt, schema, statements: ['CREATE TABLE t (id text)'], endpoints: [] };
}

function schemaOf(
  tables: readonly string[],
  columns: readonly string[],
  comment: string,
  words: readonly string[],
): DatabaseSchema {
  const mood = { name: 'mood', values: words };
  const extra: Column = { name: columns[0] ?? '', type: 'mood', nullable: true, default: `'${comment}'`, comment };
  return { enums: [mood], tables: tables.map((table) => tableOf(table, columns, extra, comment)) };
}

function tableOf(table: string, names: readonly string[], extra: Column, comment: string): Table {
  const columns = names.map((column, index): Column =>
    index === 0 ? extra : { name: column, type: 'character varying(40)', nullable: false, comment },
  );
  return {
    name: table,
    columns,
    primaryKey: names.length > 1 ? names.slice(1, 2) : [],
    foreignKeys: [],
    uniques: [],
    checks: [{ name: 'rule', expression: `x = '${comment}'` }],
    indexes: [],
    comment,
  };
}

test('no two files of a backend import each other, straight or by way of others', async () => {
  const sql = ['CREATE TABLE users (id varchar PRIMARY KEY)'];
  const table = {
    name: 'users',
    columns: [{ name: 'id', type: 'character varying', nullable: false }],
    primaryKey: ['id'],
  };
  const schema = { enums: [], tables: [{ ...table, foreignKeys: [], uniques: [], checks: [], indexes: [] }] };
  for (const part of [schema, undefined]) {
    const files = await scaffoldBackend({ name: 'x', prompt: 'x', schema: part, statements: sql, endpoints: [] });
    const imports = new Map(
      files.filter(({ path }) => path.endsWith('.ts')).map((file) => [file.path, importsOf(file)]),
    );
    for (const path of imports.keys()) assert.ok(!isReached(path, imports.get(path) ?? [], imports), path);
  }
});

function importsOf({ path, content }: { readonly path: string; readonly content: string }): string[] {
  const relative = [...content.matchAll(/from '(\.[^']+)'/g)].map(([, target = '']) => target);
  return relative.map((target) => new URL(target, `file:///${path}`).pathname.slice(1));
}

function isReached(path: string, from: readonly string[], imports: ReadonlyMap<string, readonly string[]>): boolean {
  const seen = new Set<string>();
  const open = [...from];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (next === path) return true;
    if (!seen.has(next)) open.push(...(imports.get(next) ?? []));
    seen.add(next);
  }
  return false;
}
