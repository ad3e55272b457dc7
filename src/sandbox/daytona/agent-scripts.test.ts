import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { PRIVATE_FOLDER } from './agent-home.ts';
import { readAnswerLine, type Missing } from './agent-protocol.ts';
import { agentScript, prepareScript, probeScript, shellCommand } from './agent-scripts.ts';

const PLACE = { agentVersion: 'a1', runtimeVersion: 'r1', entry: 'sandbox/daytona/agent.ts' };

test('the scripts are sound for sh, and no quote ends them early', () => {
  for (const script of [
    agentScript(PLACE, 'list', 'e30='),
    probeScript(PLACE, 'e30='),
    prepareScript({ ...PLACE, upload: 'upload-x' }, 'e30='),
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
  const bare = spawnSync('/bin/sh', ['-c', prepareScript({ ...PLACE, upload: 'upload-x' }, 'e30=')], {
    cwd: folder,
    encoding: 'utf8',
    env: { PATH: folder },
  });
  const { value } = readAnswerLine(bare.stdout) as { readonly value: Missing };
  assert.equal(value.missing, 'node');
  assert.match(value.reason, /no Node 22\.18 or newer/);
  rmSync(folder, { recursive: true });
});

test('asked again after its answer was lost, an agent that took up its place is found there', () => {
  const folder = mkdtempSync(join(tmpdir(), 'turbo-prepare-'));
  const agent = join(folder, PRIVATE_FOLDER, 'agent-a1', PLACE.entry);
  mkdirSync(dirname(agent), { recursive: true });
  writeFileSync(agent, 'console.log(...process.argv.slice(2))');
  const again = spawnSync('sh', ['-c', prepareScript({ ...PLACE, upload: 'upload-x' }, 'e30=')], {
    cwd: folder,
    encoding: 'utf8',
    env: { PATH: `${dirname(process.execPath)}:/usr/bin:/bin` },
  });
  assert.equal(again.stdout, 'install e30=\n', again.stderr);
  rmSync(folder, { recursive: true });
});
