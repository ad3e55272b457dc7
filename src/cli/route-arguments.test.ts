import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TurboError } from '../domain/errors.ts';
import { COMMAND_NAMES, routeArguments } from './route-arguments.ts';

test('a bare prompt creates, quoted or not', () => {
  assert.deepEqual(routeArguments(['a blog with posts']), ['create', 'a blog with posts']);
  assert.deepEqual(routeArguments(['a', 'blog', '--json']), ['create', 'a', 'blog', '--json']);
  assert.deepEqual(routeArguments(['--name', 'list', 'a blog']), ['create', '--name', 'list', 'a blog']);
  assert.deepEqual(routeArguments(['--name=list', 'a blog']), ['create', '--name=list', 'a blog']);
});

test('a first word that is a command is the command, also behind flags', () => {
  for (const name of COMMAND_NAMES) assert.deepEqual(routeArguments([name, 'list']), [name, 'list']);
  assert.deepEqual(routeArguments(['--json', 'list']), ['list', '--json']);
  assert.deepEqual(routeArguments(['list of books']), ['create', 'list of books']);
});

test('what follows -- is a prompt, and so is what is piped in', () => {
  assert.deepEqual(routeArguments(['--', 'list']), ['create', '--', 'list']);
  assert.deepEqual(routeArguments(['-']), ['create', '-']);
  assert.deepEqual(routeArguments([]), ['create']);
  assert.deepEqual(routeArguments(['--json']), ['create', '--json']);
});

test('asking for help or the version is left as it is', () => {
  assert.deepEqual(routeArguments(['--help']), ['--help']);
  assert.deepEqual(routeArguments(['-V']), ['-V']);
});

test('one mistyped word is refused with what it may have meant', () => {
  for (const [word, meant] of [
    ['lst', 'list'],
    ['craete', 'create'],
    ['Delete', 'delete'],
    ['shema', 'schema'],
    ['dwon', 'down'],
  ]) {
    assert.throws(() => routeArguments([word ?? '', '--json']), {
      code: 'USAGE',
      message: new RegExp(`Did you mean "${meant}"`),
    });
  }
});

test('a mistyped word in front is refused, whatever follows it', () => {
  for (const [line, meant] of [
    ['sho blog', 'turbobackend show blog'],
    ['shwo my-blog', 'turbobackend show my-blog'],
    ['stat blog', 'turbobackend start blog'],
    ['creat a blog', 'turbobackend create "a blog"'],
    ['crate a blog', 'turbobackend create "a blog"'],
    ['craete a blog with users, posts and comments', 'turbobackend create "a blog with users, posts and comments"'],
    ['delete-project x', 'turbobackend delete x'],
    ['rm blog', 'turbobackend delete blog'],
    ['mpc install', 'turbobackend mcp install'],
    ['Show blog', 'turbobackend show blog'],
    ['ls', 'turbobackend list'],
  ] as const) {
    for (const argv of [line.split(' '), [line]]) {
      assert.throws(
        () => routeArguments(argv),
        (error) => error instanceof TurboError && error.code === 'USAGE' && error.fix?.includes(meant) === true,
        line,
      );
    }
  }
});

test('help about a command that there is not is refused', () => {
  assert.throws(() => routeArguments(['help', 'x']), { code: 'USAGE' });
  assert.throws(() => routeArguments(['help', 'shwo']), { code: 'USAGE', message: /Did you mean "show"/ });
  assert.deepEqual(routeArguments(['help', 'show']), ['help', 'show']);
});

test('words that are near no command, or several words, are a prompt', () => {
  for (const prompt of ['blog', 'todo', 'warehouse', 'crm']) {
    assert.deepEqual(routeArguments([prompt]), ['create', prompt]);
  }
  for (const prompt of ['plant shop', 'shop with orders', 'recipe app', 'status page', 'smart home', 'un blog']) {
    assert.deepEqual(routeArguments(prompt.split(' ')), ['create', ...prompt.split(' ')]);
  }
});
