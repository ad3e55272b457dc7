import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newId } from '../../domain/ids.ts';
import { describeRepository, markOf, readRepositories, readRepository } from './repository.ts';

function markIn(description: string | null): string | undefined {
  return markOf(readRepository({ name: 'tb-1', full_name: 'octocat/tb-1', description }));
}

test('finds in a description whose repository it is, whatever people wrote around it', () => {
  const projectId = newId('project');
  assert.equal(markIn(describeRepository('blog-api', projectId)), projectId);
  assert.equal(markIn(`turbobackend.project=${projectId}, our blog`), projectId);
  assert.equal(markIn(`see turbobackend.project=${projectId}x`), `${projectId}x`);
});

test('finds no mark where there is none', () => {
  for (const description of [
    null,
    '',
    'turbobackend.project=',
    'turbobackendXproject=a',
    'my.turbobackend.project=a',
  ]) {
    assert.equal(markIn(description), undefined);
  }
});

test('describes a repository in one short line', () => {
  const description = describeRepository(`two\nlines\0${'x'.repeat(500)}`, newId('project'));
  assert.match(description, /^two lines x+ · made with TurboBackend · turbobackend\.project=project_\w{16}$/);
  assert.ok(description.length < 200);
});

test('takes nothing else for a repository', () => {
  for (const data of [
    '<html>',
    {},
    { name: 'a', full_name: 'a' },
    { name: 'a', full_name: 'b/a', html_url: 'javascript:1' },
  ]) {
    assert.throws(() => readRepository(data), { name: 'ProviderError', message: /no repository/ });
    assert.throws(() => readRepositories(data), { name: 'ProviderError' });
  }
});
