import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fakeBackend, fakeShell } from '../../test/support/cli-fakes.ts';
import { candidatesFor } from './complete-words.ts';
import { buildProgram } from './program.ts';
import { COMMAND_NAMES, takesValue } from './route-arguments.ts';

const program = buildProgram(fakeShell(fakeBackend()), {} as never);
const complete = (...words: readonly string[]): Promise<readonly string[]> =>
  candidatesFor(program, words, () => Promise.resolve(['blog', 'shop']));

test('completes commands, projects, options and their values', async () => {
  assert.deepEqual(await complete('sh'), ['show']);
  assert.deepEqual(await complete('show', ''), ['blog', 'shop']);
  assert.deepEqual(await complete('logs', 'b'), ['blog']);
  assert.deepEqual(await complete('show', 'blog', ''), []);
  assert.deepEqual(await complete('url', 'blog', '--role', ''), ['app', 'owner', 'reader']);
  assert.deepEqual(await complete('url', '--role', 'owner', 's'), ['shop']);
  assert.deepEqual(await complete('mcp', 'i'), ['install']);
  assert.deepEqual(await complete('delete', '--y'), ['--yes']);
  assert.deepEqual(await complete('create', ''), []);
});

test('what the router knows of the commands is what there is', () => {
  assert.deepEqual(new Set(COMMAND_NAMES), new Set([...program.commands.map((command) => command.name()), 'help']));
  const commands = program.commands.flatMap((command) => [command, ...command.commands]);
  for (const option of commands.flatMap((command) => command.options)) {
    if (!option.required) continue;
    for (const name of [option.short, option.long]) assert.ok(name === undefined || takesValue(name), name);
  }
});
