// Holds our fake Daytona to the vendor's own client: what that does with a real one, it has to do with ours.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startFakeDaytona } from '../test/support/cloud/fake-daytona.ts';

const CLIENT = '@daytona/sdk@0.216.0';
const LONGEST_INSTALL_MS = 300_000;
const apiKey = 'dtn_oracle';

const home = await mkdtemp(join(tmpdir(), 'turbobackend-oracle-'));
const fake = await startFakeDaytona({ apiKey, path: process.env.PATH });
try {
  const options = ['--prefix', home, '--ignore-scripts', '--no-audit', '--no-fund', CLIENT];
  execFileSync('npm', ['install', ...options], { stdio: 'inherit', timeout: LONGEST_INSTALL_MS });
  const { Daytona } = createRequire(join(home, 'package.json'))('@daytona/sdk');
  const daytona = new Daytona({ apiKey, apiUrl: fake.url, target: 'us', useDeprecatedPolling: true });
  await drive(daytona);
  await daytona[Symbol.asyncDispose]();
  assert.deepEqual(fake.violations(), []);
  process.stdout.write(`${CLIENT} works with our fake: ${fake.requests.length} requests\n`);
} finally {
  await fake.stop();
  await rm(home, { recursive: true, force: true });
}

async function drive(daytona) {
  const labels = { 'turbobackend.project': 'p1' };
  const made = await daytona.create({ name: 'tb-oracle', language: 'typescript', image: 'node:24-slim', labels });
  assert.equal(made.state, 'started');
  await assert.rejects(daytona.create({ name: 'tb-oracle', language: 'typescript' }), /already exists/);
  const sandbox = await daytona.get('tb-oracle');
  assert.equal(sandbox.id, made.id);
  const listed = [];
  for await (const item of daytona.list({ labels })) listed.push(item.name);
  assert.deepEqual(listed, ['tb-oracle']);

  await sandbox.fs.uploadFiles([
    { source: Buffer.from('console.log(process.env.X)'), destination: 'project/a.js' },
    { source: Buffer.from('A=1\n'), destination: 'project/.env' },
  ]);
  await sandbox.fs.setFilePermissions('project/.env', { mode: '600' });
  assert.equal(String(await sandbox.fs.downloadFile('project/.env')), 'A=1\n');
  const names = (await sandbox.fs.listFiles('project')).map(({ name }) => name);
  assert.deepEqual(names.toSorted(), ['.env', 'a.js']);
  const run = await sandbox.process.executeCommand('node a.js; echo err >&2; exit 3', 'project', { X: 'x y' }, 10);
  assert.deepEqual([run.exitCode, run.result.split('\n').toSorted()], [3, ['', 'err', 'x y']]);
  await assert.rejects(sandbox.process.executeCommand('sleep 30', 'project', {}, 1), /timeout/i);
  assert.match((await sandbox.getPreviewLink(3000)).url, /^http/);
  await sandbox.stop();
  await assert.rejects(sandbox.process.executeCommand('true'), /not started/);
  await sandbox.start();
  await sandbox.fs.deleteFile('project/a.js');
  await sandbox.delete(10, true);
  await assert.rejects(daytona.get('tb-oracle'), /not found/);
}
