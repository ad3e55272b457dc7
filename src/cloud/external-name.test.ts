import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newId } from '../domain/ids.ts';
import { externalName, projectOf } from './external-name.ts';

test('the same project of the same installation always has the same name, good in a host name', () => {
  const projectId = newId('project');
  const name = externalName('abcd1234', projectId);
  assert.equal(externalName('abcd1234', projectId), name);
  assert.match(name, /^tb-[0-9a-z]{16}-[0-9a-f]{6}$/);
  assert.equal(name.length, 26);
});

test('a name tells whose project it is, and only to the installation that derived it', () => {
  const projectId = newId('project');
  const name = externalName('abcd1234', projectId);
  assert.equal(projectOf('abcd1234', name), projectId);
  assert.equal(projectOf('other567', name), undefined);
  for (const foreign of ['blog', 'tb-blog', `${name}x`, name.replace(/.$/, (end) => (end === '0' ? '1' : '0')), '']) {
    assert.equal(projectOf('abcd1234', foreign), undefined, foreign);
  }
});
