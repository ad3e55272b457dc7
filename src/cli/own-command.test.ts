import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ownCommand } from './own-command.ts';

test('commands are printed the way this one was called', () => {
  assert.equal(ownCommand({}), 'turbobackend');
  assert.equal(ownCommand({ npm_lifecycle_event: 'start', npm_package_name: 'turbobackend' }), 'npm start --');
  assert.equal(ownCommand({ npm_lifecycle_event: 'npx' }), 'npx turbobackend');
});

test("another package's start script does not make us npm start", () => {
  assert.equal(ownCommand({ npm_lifecycle_event: 'start', npm_package_name: 'shop' }), 'turbobackend');
});
