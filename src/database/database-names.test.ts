import assert from 'node:assert/strict';
import { test } from 'node:test';
import { databaseOfRole, isOurs, newCloneName, newDatabaseName, originalOf, roleNames } from './database-names.ts';

test('names carry the installation’s mark, say nothing, and fit', () => {
  const name = newDatabaseName('0a1b2c3d');
  assert.match(name, /^tb_0a1b2c3d_[0-9a-z]{12}$/);
  assert.notEqual(name, newDatabaseName('0a1b2c3d'));
  assert.ok(newCloneName(name).length < 63 && roleNames(name).owner.length < 63);
});

test('a copy has the roles of its original', () => {
  const name = newDatabaseName('0a1b2c3d');
  const copy = newCloneName(name);
  assert.ok(copy.startsWith(name));
  assert.equal(originalOf(copy), name);
  assert.equal(originalOf(name), name);
  assert.deepEqual(roleNames(copy), roleNames(name));
});

test('a role leads back to its database', () => {
  const name = newDatabaseName('0a1b2c3d');
  assert.deepEqual(new Set(Object.values(roleNames(name)).map(databaseOfRole)), new Set([name]));
});

test('only names with our whole mark are ours', () => {
  assert.ok(isOurs('tb_0a1b2c3d_x', '0a1b2c3d'));
  for (const other of ['tb_0a1b2c3e_x', 'tb_0a1b2c3dx_x', 'tb_control', 'postgres', 'xtb_0a1b2c3d_x']) {
    assert.ok(!isOurs(other, '0a1b2c3d'), other);
  }
});
