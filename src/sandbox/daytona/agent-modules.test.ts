import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readAgentModules, versionOf } from './agent-modules.ts';

test('the agent is all of its own code, and needs nothing but Node', async () => {
  const { entry, files, version } = await readAgentModules();
  const paths = files.map(({ path }) => path);
  assert.ok(paths.includes(entry));
  assert.ok(paths.includes('machine/command.ts'));
  assert.ok(paths.includes('sandbox/project-folder.ts'));
  for (const { path, content } of files) {
    const imports = [...content.matchAll(/^(?:import|export) (?!type\b)[^;']*?from '([^']+)'/gm)].map(
      ([, name]) => name,
    );
    for (const name of imports) assert.match(name ?? '', /^(?:node:|\.)/, path);
    assert.doesNotMatch(content, /\bimport\((?!\))/, path);
  }
  assert.match(version, /^[0-9a-f]{12}$/);
  assert.equal((await readAgentModules()).version, version);
  assert.notEqual(versionOf(files.slice(1)), version);
});
