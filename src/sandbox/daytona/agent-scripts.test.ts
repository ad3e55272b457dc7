import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { readAnswerLine, type Missing } from './agent-protocol.ts';
import { agentScript, prepareScript, probeScript, shellCommand } from './agent-scripts.ts';

const PLACE = { agentVersion: 'a1', runtimeVersion: 'r1', entry: 'sandbox/daytona/agent.ts' };

test('the scripts are sound for sh, and no quote ends them early', () => {
  for (const script of [
    agentScript(PLACE, 'list', 'e30='),
    probeScript(PLACE, 'e30='),
    prepareScript({ upload: 'upload-x', entry: PLACE.entry }, 'e30='),
  ]) {
    assert.ok(!script.includes("'"), script);
    assert.equal(spawnSync('sh', ['-n', '-c', script], { encoding: 'utf8' }).stderr, '');
  }
});

test('a probe makes the private folder and says where uploads go', () => {
  const folder = mkdtempSync(join(tmpdir(), 'turbo-probe-'));
  // As the provider's daemon does it: on the standard input of a shell.
  const input = `${shellCommand(probeScript(PLACE, 'e30='))}\n`;
  const { stdout } = spawnSync('sh', { cwd: folder, input, encoding: 'utf8' });
  assert.deepEqual(readAnswerLine(stdout), { value: { base: '' } });
  rmSync(folder, { recursive: true });
});

test('an image without a Node and without npm is told as what it is', () => {
  const folder = mkdtempSync(join(tmpdir(), 'turbo-prepare-'));
  const bare = spawnSync('/bin/sh', ['-c', prepareScript({ upload: 'upload-x', entry: PLACE.entry }, 'e30=')], {
    cwd: folder,
    encoding: 'utf8',
    env: { PATH: folder },
  });
  const { value } = readAnswerLine(bare.stdout) as { readonly value: Missing };
  assert.equal(value.missing, 'node');
  assert.match(value.reason, /no Node 22\.18 or newer/);
  rmSync(folder, { recursive: true });
});
