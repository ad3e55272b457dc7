import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { FAILURES } from '../domain/errors.ts';
import { fixFor, withDoorFixes } from './door-fix.ts';

const DOORS = ['http', 'mcp'] as const;

test('a fix names the call of the door', () => {
  const told = { code: 'PROJECT_NOT_FOUND', fix: '`turbobackend list` shows the projects there are.' };
  assert.equal(fixFor('mcp', told), 'list_projects shows the projects there are.');
  assert.equal(fixFor('http', told), 'GET /v1/projects shows the projects there are.');
  const empty = { code: 'USAGE', fix: 'Say what it is for: turbobackend "a REST API for a blog".' };
  assert.equal(fixFor('mcp', empty), 'Say what it is for: create_backend with the prompt "a REST API for a blog".');
  assert.equal(
    fixFor('mcp', { code: 'USAGE', fix: 'Shorten it, or pass the schema with --schema file.sql.' }),
    'Shorten it, or pass the schema with schemaSql.',
  );
});

test('what only its operator can do is left to them', () => {
  const fix =
    'Everything was taken back. Run the same prompt again; `turbobackend doctor` tells what the machine lacks.';
  assert.equal(
    fixFor('http', { code: 'DEPLOY_FAILED', fix }),
    'Everything was taken back. Run the same prompt again. Whoever operates this service has to see to it.',
  );
});

test('no failure is told without a fix, with or without one of its own', () => {
  for (const door of DOORS) {
    for (const code of [...Object.keys(FAILURES), 'INTERNAL']) {
      const fix = fixFor(door, { code, fix: '' });
      assert.ok(fix.length > 10, `${door} ${code}`);
      assert.doesNotMatch(fix, /turbobackend/, `${door} ${code}`);
    }
  }
});

test('no fix in the sources reaches another door as a command line', () => {
  const files = readdirSync(new URL('..', import.meta.url), { recursive: true, encoding: 'utf8' });
  const sources = files.filter((file) => file.endsWith('.ts') && !file.includes('.test.') && !file.startsWith('cli/'));
  const texts = sources.map((file) => readFileSync(new URL(`../${file}`, import.meta.url), 'utf8'));
  const fixes = texts.flatMap((text) =>
    [...text.matchAll(/\bfix: (['`"])((?:\\.|(?!\1)[^])*)\1/g)].map(([, , fix = '']) => fix.replaceAll('\\`', '`')),
  );
  assert.ok(fixes.length > 100, `${fixes.length} fixes`);
  for (const fix of fixes) {
    for (const door of DOORS)
      assert.doesNotMatch(fixFor(door, { code: 'USAGE', fix }), /turbobackend [a-z"]|(?:^|\s)--[a-z]/, fix);
  }
});

test("a failed run's answer has the door's fix", () => {
  const error = { code: 'RUN_CANCELLED', message: 'It was cancelled', fix: '' };
  assert.deepEqual(withDoorFixes('mcp', { runId: 'r', error }), {
    runId: 'r',
    error: { ...error, fix: 'create_backend begins it anew.' },
  });
  assert.deepEqual(withDoorFixes('mcp', { runId: 'r' }), { runId: 'r' });
});
