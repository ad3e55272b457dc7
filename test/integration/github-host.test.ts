import assert from 'node:assert/strict';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { externalName } from '../../src/cloud/external-name.ts';
import { findProcessesCalled } from '../../src/machine/host-process.ts';
import { describeSourceHost } from '../../src/source/source-host.contract.ts';
import type { FakeRepository } from '../support/cloud/github-repositories.ts';
import { git } from '../support/cloud/git-backend.ts';
import {
  githubGround,
  INSTALLATION,
  newRequest,
  onlyWithGit,
  openGround,
  TOKEN,
  WAYS,
} from '../support/cloud/github-ground.ts';

const folder = mkdtempSync(join(tmpdir(), 'turbo-github-test-'));
after(() => rmSync(folder, { recursive: true }));

function clone(repository: FakeRepository | undefined): string {
  const target = mkdtempSync(join(folder, 'clone-'));
  git('clone', '--quiet', repository?.folder ?? '', target);
  return target;
}

/** Commits beside us, as a user would. */
function pushAsUser(repository: FakeRepository | undefined, file: string): string {
  const work = clone(repository);
  writeFileSync(join(work, file), 'mine');
  git('-C', work, 'add', '.');
  git('-C', work, '-c', 'user.name=U', '-c', 'user.email=u@example.org', 'commit', '--quiet', '-m', 'Mine');
  git('-C', work, 'push', '--quiet', 'origin', 'main');
  return git('-C', work, 'rev-parse', 'HEAD').trim();
}

describe('publishing at GitHub', onlyWithGit, () => {
  for (const { way, gitProgram } of WAYS) {
    describe(`by ${way}`, () => {
      let shared: Awaited<ReturnType<typeof openGround>>;
      before(async () => (shared = await openGround()));
      after(() => shared.close());
      after(() => assert.deepEqual(shared.github.violations, []));
      describeSourceHost('GitHubHost', () =>
        Promise.resolve(shared.host({ gitProgram, timeouts: { retryMs: 20, paced: false } })),
      );

      test('makes one private repository, named and marked as the project’s, and nothing but what it needs', async (context) => {
        const { github, host } = await githubGround(context);
        const request = newRequest();
        const { repository, commit } = await host({ gitProgram }).publish(request);
        const [made] = github.repositories;
        assert.equal(made?.name, externalName(INSTALLATION, request.projectId));
        assert.equal(made.description, `blog-api · made with TurboBackend · turbobackend.project=${request.projectId}`);
        assert.equal(made.private, true);
        assert.equal(repository, `${github.url}/octocat/${made.name}`);
        assert.equal(git('--git-dir', made.folder, 'rev-parse', 'main').trim(), commit);
        assert.deepEqual(
          github.requests.map(({ method, path }) => `${method} ${path.replace(made.name, '…')}`),
          [
            'GET /user',
            'GET /repos/octocat/…',
            'POST /user/repos',
            'GET /octocat/….git/info/refs',
            'POST /octocat/….git/git-receive-pack',
          ],
        );
        assert.deepEqual(github.violations, []);
      });

      test('git finds nothing to complain about, and clones every file as it was', async (context) => {
        const { github, host, scratchFolder } = await githubGround(context);
        const many = Array.from({ length: 120 }, (_, index) => ({
          path: `src/${index % 7}/f${index}.ts`,
          content: `// ${index}\n`,
        }));
        const odd = ['straße/日本語 🚀.md', 'with space.txt', '-rf', 'empty.txt'].map((path) => ({
          path,
          content: path === 'empty.txt' ? '' : `${path}\r\n`,
        }));
        const request = { ...newRequest(), files: [...many, ...odd] };
        await host({ gitProgram }).publish(request);
        await host({ gitProgram }).publish({ ...request, files: [...odd, ...many.slice(1)] });
        const [made] = github.repositories;
        assert.equal(git('--git-dir', made?.folder ?? '', 'fsck', '--strict', '--full'), '');
        const work = clone(made);
        assert.equal(git('-C', work, '-c', 'core.quotePath=false', 'ls-files').trim().split('\n').length, 123);
        for (const { path, content } of [...odd, ...many.slice(1)])
          assert.equal(readFileSync(join(work, path), 'utf8'), content, path);
        assert.deepEqual(readdirSync(scratchFolder), []);
      });

      test('commits on top of what the user pushed, keeping the history', async (context) => {
        const { github, host } = await githubGround(context);
        const request = newRequest();
        const first = await host({ gitProgram }).publish(request);
        const pushed = pushAsUser(github.repositories[0], 'own.txt');
        const second = await host({ gitProgram }).publish(request);
        assert.equal(second.repository, first.repository);
        const { folder: gitdir = '' } = github.repositories[0] ?? {};
        const history = git('--git-dir', gitdir, 'rev-list', 'main').trim().split('\n');
        assert.deepEqual(history, [second.commit, pushed, first.commit]);
        assert.doesNotMatch(git('--git-dir', gitdir, 'ls-tree', '-r', '--name-only', 'main'), /own\.txt/);
        assert.equal(git('--git-dir', gitdir, 'fsck', '--strict'), '');
      });

      test('looks again when the user pushes in the very moment', async (context) => {
        const { github, host } = await githubGround(context);
        const request = newRequest();
        await host({ gitProgram }).publish(request);
        let pushed = '';
        const onHit = (): void => {
          // What the fake would do for a push from elsewhere, which cannot come in while this one is held.
          const { folder: gitdir = '' } = github.repositories[0] ?? {};
          const author = ['-c', 'user.name=U', '-c', 'user.email=u@example.org'];
          pushed = git('--git-dir', gitdir, ...author, 'commit-tree', '-p', 'main', '-m', 'Mine', 'main^{tree}').trim();
          git('--git-dir', gitdir, 'update-ref', 'refs/heads/main', pushed);
        };
        github.faults.add({ method: 'POST', path: /git-receive-pack$/, times: 1, onHit });
        const { commit } = await host({ gitProgram }).publish({ ...request, files: newRequest('two').files });
        assert.equal(git('--git-dir', github.repositories[0]?.folder ?? '', 'rev-parse', 'main^').trim(), pushed);
        assert.equal(git('--git-dir', github.repositories[0]?.folder ?? '', 'rev-parse', 'main').trim(), commit);
      });

      test('publishing at once from many sides makes one repository and loses no commit', async (context) => {
        const { github, host } = await githubGround(context);
        const request = newRequest();
        const results = await Promise.all(
          ['1', '2', '3'].map((content) =>
            host({ gitProgram }).publish({ ...request, files: newRequest(content).files }),
          ),
        );
        assert.equal(github.repositories.length, 1);
        const history = git('--git-dir', github.repositories[0]?.folder ?? '', 'rev-list', 'main')
          .trim()
          .split('\n');
        assert.deepEqual(history.toSorted(), results.map(({ commit }) => commit).toSorted());
      });

      test('a hostile tree runs nothing, here or there', async (context) => {
        const { host, scratchFolder } = await githubGround(context);
        const canary = join(folder, `canary-${way === 'git'}`);
        const run = `touch ${canary}`;
        const files = [
          { path: '.gitattributes', content: '* filter=evil diff=evil merge=evil\n' },
          {
            path: '.gitmodules',
            content: `[submodule "x"]\n\tpath = x\n\turl = ext::sh -c '${run}'\n\tupdate = !${run}\n`,
          },
          {
            path: 'config',
            content: `[core]\n\tfsmonitor = ${run}\n\tsshCommand = ${run}\n[filter "evil"]\n\tclean = ${run}\n`,
          },
          { path: 'hooks/pre-push', content: `#!/bin/sh\n${run}\n` },
          { path: '.gitconfig', content: `[core]\n\tfsmonitor = ${run}\n` },
        ];
        const request = { ...newRequest(), files };
        await host({ gitProgram }).publish(request);
        await host({ gitProgram }).publish({ ...request, files: files.slice(1) });
        assert.equal(existsSync(canary), false);
        assert.deepEqual(readdirSync(scratchFolder), []);
      });
    });
  }
});

describe('a repository at GitHub', onlyWithGit, () => {
  test('of the same name that is somebody else’s is refused, and left alone', async (context) => {
    const { github, host } = await githubGround(context);
    const request = newRequest();
    const name = externalName(INSTALLATION, request.projectId);
    for (const description of [undefined, 'My notes', 'turbobackend.project=project_0000000000000000']) {
      const foreign = github.place(name, description);
      await assert.rejects(host().publish(request), { code: 'RESOURCE_NOT_OURS', phase: 'publish' });
      await host().remove(request.projectId);
      assert.deepEqual(await host().list(), []);
      assert.equal(github.repositories.length, 1);
      assert.equal(git('--git-dir', foreign.folder, 'for-each-ref'), '');
      (github.repositories as FakeRepository[]).pop();
    }
  });

  test('stays the project’s when the user rewords its description', async (context) => {
    const { github, host } = await githubGround(context);
    const request = newRequest();
    const first = await host().publish(request);
    const [made] = github.repositories;
    assert.ok(made);
    made.description = 'Our blog';
    assert.deepEqual(await host().publish(request), first);
    await host().remove(request.projectId);
    assert.equal(github.repositories.length, 0);
  });

  test('is found again under a name that the user gave it, but no longer listed', async (context) => {
    const { github, host } = await githubGround(context);
    const request = newRequest();
    const first = await host().publish(request);
    const [made] = github.repositories;
    assert.ok(made);
    github.rename(made, 'our-blog');
    const second = await host().publish({ ...request, files: newRequest('two').files });
    assert.equal(second.repository, `${github.url}/octocat/our-blog`);
    assert.equal(git('--git-dir', made.folder, 'rev-parse', 'main^').trim(), first.commit);
    assert.deepEqual(await host().list(), []);
    await host().remove(request.projectId);
    assert.equal(github.repositories.length, 0);
  });

  test('that is archived says so', async (context) => {
    const { github, host } = await githubGround(context);
    const request = newRequest();
    await host().publish(request);
    const [made] = github.repositories;
    assert.ok(made);
    made.isArchived = true;
    await assert.rejects(host().publish({ ...request, files: newRequest('two').files }), {
      code: 'PUBLISH_FAILED',
      message: /archived/,
    });
  });

  test('that is to be pushed to another host gets no token', async (context) => {
    const { github, host } = await githubGround(context, { cloneBase: 'https://git.example.org' });
    await assert.rejects(host().publish(newRequest()), {
      code: 'PUBLISH_FAILED',
      message: /git\.example\.org/,
      fix: /GITHUB_API_URL/,
    });
    assert.equal(github.requests.filter(({ path }) => path.endsWith('info/refs')).length, 0);
  });

  test('is made for an organisation, and all of them are listed over many pages', async (context) => {
    const { github, host } = await githubGround(context, { organisation: 'acme', pageSize: 2 });
    const acme = host({ owner: 'acme', timeouts: { retryMs: 20, paced: false } });
    const requests = Array.from({ length: 5 }, () => newRequest());
    for (const request of requests) await acme.publish(request);
    github.place('acme-notes');
    assert.ok(github.repositories.slice(0, 5).every(({ owner }) => owner === 'acme'));
    assert.deepEqual((await acme.list()).toSorted(), requests.map(({ projectId }) => projectId).toSorted());
    assert.deepEqual(await host({ owner: 'acme', installationId: 'another' }).list(), []);
    assert.deepEqual(await host().list(), []);
    assert.equal(await acme.check(), 'octocat, for acme');
    assert.equal(await host().check(), 'octocat');
    assert.equal(await host({ owner: 'Octocat' }).check(), 'Octocat'.toLowerCase());
    assert.deepEqual(github.violations, []);
  });
});

describe('the token', onlyWithGit, () => {
  test('is in no argument and no file, and git sees no settings of anybody’s', async (context) => {
    const { host } = await githubGround(context);
    const log = join(folder, 'git.log');
    const program = join(folder, 'git');
    const lines = [
      '#!/bin/sh',
      `echo "$@" >>${log}`,
      `env | sort >>${log}.env`,
      `grep -rF ${TOKEN} "$GIT_DIR" >>${log}`,
      'exec git "$@"',
    ];
    writeFileSync(program, lines.join('\n'), { mode: 0o755 });
    const request = newRequest();
    await host({ gitProgram: program }).publish(request);
    await host({ gitProgram: program }).publish({ ...request, files: newRequest('two').files });
    const seen = readFileSync(log, 'utf8');
    assert.match(seen, /^push .*^fetch .*^push /ms);
    const credentials = Buffer.from(`x-access-token:${TOKEN}`).toString('base64');
    for (const secret of [TOKEN, credentials]) assert.ok(!seen.includes(secret));
    const environment = readFileSync(`${log}.env`, 'utf8');
    assert.ok(environment.includes(credentials));
    for (const line of ['HOME=/nonexistent', 'GIT_CONFIG_GLOBAL=/dev/null', 'GIT_TERMINAL_PROMPT=0'])
      assert.ok(environment.includes(line), line);
    assert.doesNotMatch(environment, /USER=|SSH_|NODE_/);
  });

  test('goes to the API as GitHub documents it', async (context) => {
    const { github, host } = await githubGround(context);
    await host().check();
    assert.equal(github.requests.at(-1)?.headers.authorization, `Bearer ${TOKEN}`);
  });

  test('is given to no git that has had its time, nor to what that started', async (context) => {
    const { host } = await githubGround(context);
    const program = join(folder, 'slow-git');
    writeFileSync(program, '#!/bin/sh\ncase $1 in version|--exec-path) exec git $1;; esac\nsleep 76.5 & wait\n', {
      mode: 0o755,
    });
    const hasty = host({ gitProgram: program, timeouts: { retryMs: 1, transferMs: 100 } });
    await assert.rejects(hasty.publish(newRequest()), {
      code: 'PROVIDER_UNAVAILABLE',
      message: /no end within 100 ms/,
    });
    assert.deepEqual(await findProcessesCalled('76.5'), []);
  });

  test('goes to the library when git is too old', async (context) => {
    const { github, host } = await githubGround(context);
    const program = join(folder, 'old-git');
    writeFileSync(program, '#!/bin/sh\necho "git version 2.31.9"\n', { mode: 0o755 });
    await host({ gitProgram: program }).publish(newRequest());
    assert.match(String(github.requests.at(-1)?.headers['user-agent']), /turbobackend/);
  });

  test('leaves no folder of a push behind, not even one that was cut short', async (context) => {
    const { host, scratchFolder } = await githubGround(context);
    for (const [name, hours] of [
      ['github-push-old', 2],
      ['github-push-new', 0],
      ['other', 2],
    ] as const) {
      mkdirSync(join(scratchFolder, name), { recursive: true });
      const time = Date.now() / 1000 - hours * 3600;
      utimesSync(join(scratchFolder, name), time, time);
    }
    await host().publish(newRequest());
    assert.deepEqual(readdirSync(scratchFolder).toSorted(), ['github-push-new', 'other']);
  });
});
