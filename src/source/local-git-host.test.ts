import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { log, readBlob } from 'isomorphic-git';
import fs from 'node:fs';
import { newId } from '../domain/ids.ts';
import { LocalGitHost } from './local-git-host.ts';
import { describeSourceHost } from './source-host.contract.ts';
import type { PublishRequest } from './source-host.ts';

const root = mkdtempSync(join(tmpdir(), 'turbo-git-'));
const host = new LocalGitHost(root);
const hasGit = spawnSync('git', ['--version']).status === 0;
const onlyWithGit = { skip: hasGit ? false : 'there is no git on this machine' };
after(() => rmSync(root, { recursive: true, force: true }));

describeSourceHost('LocalGitHost', () => Promise.resolve(host));

function newRequest(content: string): PublishRequest {
  const files = ['src/routes/a.ts', 'src/routes.ts', 'src/routes-a.ts', 'src.md', 'empty.txt', 'Dockerfile'].map(
    (path) => ({
      path,
      content: path === 'empty.txt' ? '' : `${path} ${content}\n`,
    }),
  );
  return { projectId: newId('project'), name: 'blog-api', message: 'Add the blog API\n\nA prompt', files };
}

function git(...gitArguments: readonly string[]): string {
  const env = { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null' };
  return execFileSync('git', gitArguments, { encoding: 'utf8', env, stdio: ['ignore', 'pipe', 'pipe'] });
}

test('keeps a history of the trees, each with all of its files', async () => {
  const request = newRequest('one');
  await host.publish(request);
  const { repository, commit } = await host.publish({
    ...request,
    message: 'Change it',
    files: newRequest('two').files,
  });
  const history = await log({ fs, gitdir: repository, ref: 'main' });
  assert.deepEqual(
    history.map((entry) => entry.commit.message),
    ['Change it\n', 'Add the blog API\n\nA prompt\n'],
  );
  assert.equal(history[0]?.commit.author.name, 'TurboBackend');
  const { blob } = await readBlob({ fs, gitdir: repository, oid: commit, filepath: 'src/routes/a.ts' });
  assert.equal(Buffer.from(blob).toString(), 'src/routes/a.ts two\n');
});

test('git finds nothing to complain about, and clones all of it', onlyWithGit, async () => {
  const request = newRequest('one');
  await host.publish(request);
  const { repository, commit } = await host.publish({ ...request, files: newRequest('two').files });
  assert.equal(git('-C', repository, 'fsck', '--strict', '--full'), '');
  const clone = join(root, 'clone');
  git('clone', '--quiet', repository, clone);
  assert.equal(git('-C', clone, 'rev-parse', 'HEAD').trim(), commit);
  assert.equal(git('-C', clone, 'rev-parse', '--abbrev-ref', 'HEAD').trim(), 'main');
  assert.equal(git('-C', clone, 'status', '--porcelain'), '');
  for (const { path } of request.files) assert.ok(existsSync(join(clone, path)), path);
  assert.equal(git('-C', clone, 'ls-tree', '-r', '--format=%(objectmode)', 'HEAD'), '100644\n'.repeat(6));
});

test('commits on top of what the user pushed and git packed', onlyWithGit, async () => {
  const request = newRequest('one');
  const { repository } = await host.publish(request);
  const clone = join(root, 'worked-on');
  git('clone', '--quiet', repository, clone);
  writeFileSync(join(clone, 'own.txt'), 'mine');
  git('-C', clone, 'add', '.');
  git('-C', clone, '-c', 'user.name=U', '-c', 'user.email=u@example.org', 'commit', '--quiet', '-m', 'Mine');
  git('-C', clone, 'push', '--quiet');
  git('-C', repository, 'gc', '--quiet');
  const pushed = git('-C', clone, 'rev-parse', 'HEAD').trim();
  const { commit } = await host.publish(request);
  assert.equal(git('-C', repository, 'rev-parse', `${commit}^`).trim(), pushed);
  assert.equal(git('-C', repository, 'fsck', '--strict'), '');
});

test('has no hook and no setting that runs anything', async () => {
  const { repository } = await host.publish(newRequest('one'));
  assert.deepEqual(readdirSync(join(repository, 'hooks')), []);
  assert.match(
    readFileSync(join(repository, 'config'), 'utf8'),
    /^\[core\]\n(\t(repositoryformatversion|filemode|bare|symlinks|ignorecase) = \w+\n)+$/,
  );
});

test('publishing at once from many sides loses no commit', async () => {
  const request = newRequest('0');
  const results = await Promise.all(
    [1, 2, 3, 4, 5].map((n) => new LocalGitHost(root).publish({ ...request, files: newRequest(String(n)).files })),
  );
  const history = await log({ fs, gitdir: results[0]?.repository ?? '', ref: 'main' });
  assert.deepEqual(history.map(({ oid }) => oid).toSorted(), results.map(({ commit }) => commit).toSorted());
});

test('goes on after a crash that left a lock and half an object', async () => {
  const request = newRequest('one');
  const { repository } = await host.publish(request);
  const lock = join(repository, 'refs', 'heads', 'main.lock');
  writeFileSync(lock, '');
  utimesSync(lock, 1, 1);
  const [folder = ''] = readdirSync(join(repository, 'objects')).filter((name) => name.length === 2);
  const leftover = join(repository, 'objects', folder, 'tmp_obj_0123456789ab');
  writeFileSync(leftover, 'half an object');
  truncateSync(leftover, 4);
  const { commit } = await host.publish({ ...request, files: newRequest('two').files });
  assert.equal((await log({ fs, gitdir: repository, ref: 'main' }))[0]?.oid, commit);
  if (hasGit) assert.equal(git('-C', repository, 'fsck', '--strict'), '');
  assert.equal(existsSync(lock), false);
});

test('refuses a name that is no folder, two files of one path, and a file in the place of a folder', async () => {
  const request = newRequest('one');
  const failed = { code: 'PUBLISH_FAILED' };
  await assert.rejects(host.publish({ ...request, name: '../x' }), failed);
  await assert.rejects(
    host.publish({ ...request, files: [...request.files, { path: 'src.md', content: '' }] }),
    failed,
  );
  await assert.rejects(
    host.publish({ ...request, files: [...request.files, { path: 'src.md/a', content: '' }] }),
    failed,
  );
  await assert.rejects(
    host.publish({
      ...request,
      files: [
        { path: 'a/b', content: '' },
        { path: 'a', content: '' },
      ],
    }),
    failed,
  );
});
