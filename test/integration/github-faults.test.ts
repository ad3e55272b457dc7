import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, test, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { inspect } from 'node:util';
import { TurboError } from '../../src/domain/errors.ts';
import { Secret } from '../../src/domain/secret.ts';
import type { PublishRequest } from '../../src/source/source-host.ts';
import type { FakeGitHub } from '../support/cloud/fake-github.ts';
import type { Fault } from '../support/cloud/fault-list.ts';
import { git } from '../support/cloud/git-backend.ts';
import { githubGround, newRequest, onlyWithGit, PACED, TOKEN, WAYS } from '../support/cloud/github-ground.ts';
import type { PublisherOrder } from '../support/cloud/github-publisher.ts';

/** Every call on the way of a first publication, and the one that a second adds. */
const CALLS = {
  'asking who we are': { method: 'GET', path: /^\/user$/ },
  'looking for the repository': { method: 'GET', path: /^\/repos\// },
  'making the repository': { method: 'POST', path: /^\/user\/repos$/ },
  'asking what is there': { method: 'GET', path: /info\/refs$/ },
  pushing: { method: 'POST', path: /git-receive-pack$/ },
} as const;

const FAULTS: Readonly<Record<string, Omit<Fault, 'path' | 'times'>>> = {
  'is reset': { reset: true },
  'loses its answer': { after: true },
  'meets a bad gateway': { status: 502, body: '<html>Bad gateway</html>' },
  'is done, and meets a bad gateway': { after: true, status: 502, body: { message: 'Server Error' } },
  'is throttled': { status: 429, headers: { 'retry-after': '1' }, body: { message: 'Too many requests' } },
};

/** Nobody has to wait who is not throttled. */
function paceOf(kind: string): Partial<typeof PACED> {
  return kind === 'is throttled' ? PACED : {};
}

/** It makes no difference to the API how the source is pushed later. */
function waysOf(call: string): readonly (typeof WAYS)[number][] {
  return call === 'asking what is there' || call === 'pushing' ? WAYS : WAYS.slice(0, 1);
}

/** One repository with one commit of exactly these files, and nothing said that GitHub does not know. */
function assertPublishedOnce(github: FakeGitHub, request: PublishRequest, commit: string): void {
  assert.equal(github.repositories.length, 1);
  const { folder = '' } = github.repositories[0] ?? {};
  assert.deepEqual(git('--git-dir', folder, 'rev-list', '--all').trim().split('\n'), [commit]);
  const files = git('--git-dir', folder, 'ls-tree', '-r', '--name-only', 'main').trim().split('\n');
  assert.deepEqual(files, request.files.map(({ path }) => path).toSorted());
  assert.deepEqual(github.violations, []);
}

/** Rejects with this, and nothing of the error, however deep, holds the token. */
async function assertFails(
  work: Promise<unknown>,
  expected: { readonly [field in 'code' | 'message' | 'fix']?: string | RegExp },
): Promise<void> {
  const error = await work.then(
    () => assert.fail('did not fail'),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof TurboError, inspect(error));
  assert.partialDeepStrictEqual({ phase: error.phase, code: error.code }, { phase: 'publish', code: expected.code });
  assert.match(error.message, new RegExp(expected.message ?? ''));
  assert.match(error.fix ?? '', new RegExp(expected.fix ?? ''));
  const all = inspect(error, { depth: 20, showHidden: true });
  for (const secret of [
    TOKEN,
    Buffer.from(`x-access-token:${TOKEN}`).toString('base64'),
    'RequestError',
    'HttpError',
  ]) {
    assert.ok(!all.includes(secret), all);
  }
}

describe('a call that goes wrong once', { ...onlyWithGit, concurrency: 4 }, () => {
  for (const [call, where] of Object.entries(CALLS)) {
    for (const [kind, fault] of Object.entries(FAULTS)) {
      for (const { way, gitProgram } of waysOf(call)) {
        test(`${call} ${kind}, and the source is published once (${way})`, async (context) => {
          const { github, host } = await githubGround(context);
          const request = newRequest();
          github.faults.add({ ...where, ...fault, times: 1 });
          const settings = { gitProgram, ...paceOf(kind) };
          const { commit } = await host(settings).publish(request);
          assert.deepEqual(github.faults.unused, []);
          assertPublishedOnce(github, request, commit);
          assert.equal((await host(settings).publish(request)).commit, commit);
        });
      }
    }
  }

  for (const { way, gitProgram } of WAYS) {
    test(`fetching what is there is reset, and then throttled (${way})`, async (context) => {
      const { github, host } = await githubGround(context);
      const request = newRequest();
      const first = await host({ gitProgram }).publish(request);
      github.faults.add({ path: /git-upload-pack$/, times: 1, reset: true });
      github.faults.add({ path: /git-upload-pack$/, times: 1, status: 429, headers: { 'retry-after': '0' } });
      assert.deepEqual(await host({ gitProgram }).publish(request), first);
      assert.deepEqual(github.faults.unused, []);
    });
  }

  for (const [kind, fault] of Object.entries(FAULTS)) {
    test(`removing ${kind}, and it is gone`, async (context) => {
      const { github, host } = await githubGround(context);
      const { projectId } = newRequest();
      await host().publish({ ...newRequest(), projectId });
      github.faults.add({ method: 'DELETE', path: /^\/repos\//, ...fault, times: 1 });
      await host(paceOf(kind)).remove(projectId);
      assert.deepEqual(github.faults.unused, []);
      assert.equal(github.repositories.length, 0);
    });
  }
});

describe('a call that keeps going wrong', { ...onlyWithGit, concurrency: 4 }, () => {
  for (const [call, where] of Object.entries(CALLS)) {
    for (const { way, gitProgram } of waysOf(call)) {
      test(`${call} has no answer: it says so, and later it works (${way})`, async (context) => {
        const { github, host } = await githubGround(context);
        const request = newRequest();
        github.faults.add({ ...where, times: 100, reset: true });
        await assertFails(host({ gitProgram }).publish(request), {
          code: 'PROVIDER_UNAVAILABLE',
          message: /cannot be reached/,
          fix: /GITHUB_API_URL/,
        });
        github.faults.clear();
        const { commit } = await host({ gitProgram }).publish(request);
        assertPublishedOnce(github, request, commit);
      });

      test(`${call} takes too long: it gives up (${way})`, async (context) => {
        const { github, host } = await githubGround(context);
        const request = newRequest();
        github.faults.add({ ...where, times: 100, delayMs: 60_000 });
        const timeouts = { requestMs: 100, budgetMs: 500, retryMs: 10, transferMs: 200 };
        const startedAtMs = performance.now();
        await assertFails(host({ gitProgram, timeouts }).publish(request), {
          code: 'PROVIDER_UNAVAILABLE',
          fix: /GITHUB_API_URL/,
        });
        assert.ok(performance.now() - startedAtMs < 20_000);
        github.faults.clear();
      });

      test(`${call} is not allowed: it names the rights (${way})`, async (context) => {
        const { github, host } = await githubGround(context);
        github.faults.add({
          ...where,
          times: 1,
          status: 403,
          body: { message: 'Resource not accessible by personal access token' },
        });
        await assertFails(host({ gitProgram }).publish(newRequest()), {
          code: 'PROVIDER_REFUSED',
          message: /403/,
          fix: /GITHUB_TOKEN.*Contents/,
        });
      });
    }
  }
});

describe('GitHub refuses', { ...onlyWithGit, concurrency: 4 }, () => {
  test('a wrong token, whatever it is asked', async (context) => {
    const { github, host } = await githubGround(context);
    const wrong = host({ token: new Secret('ghp_AnotherTokenThatIsWrong') });
    const expected = { code: 'PROVIDER_KEY_REFUSED', message: /Bad credentials/, fix: /GITHUB_TOKEN/ };
    await assertFails(wrong.check(), expected);
    await assertFails(wrong.publish(newRequest()), expected);
    await assertFails(wrong.list(), expected);
    await assertFails(wrong.remove(newRequest().projectId), expected);
    assert.equal(github.requests.length, 4);
  });

  test('to know of anything under an address that is no GitHub', async (context) => {
    const { github, host } = await githubGround(context);
    await assertFails(host({ apiUrl: `${github.url}/api/v3` }).check(), {
      code: 'PROVIDER_REFUSED',
      message: /404/,
      fix: /GITHUB_API_URL/,
    });
  });

  for (const { way, gitProgram } of WAYS) {
    test(`a token that git does not take (${way})`, async (context) => {
      const { github, host } = await githubGround(context);
      github.faults.add({
        path: /info\/refs$/,
        times: 9,
        status: 401,
        headers: { 'www-authenticate': 'Basic realm="GitHub"' },
      });
      await assertFails(host({ gitProgram }).publish(newRequest()), {
        code: 'PROVIDER_KEY_REFUSED',
        message: /GitHub answered 401/,
        fix: /GITHUB_TOKEN/,
      });
    });

    test(`a commit that a rule speaks against, in GitHub’s own words (${way})`, async (context) => {
      const { github, host } = await githubGround(context);
      const request = newRequest();
      await host({ gitProgram }).publish(request);
      const [repository] = github.repositories;
      assert.ok(repository);
      github.decline(repository, [
        'error: GH013: Repository rule violations found for refs/heads/main.',
        '- Push cannot contain secrets',
        '       path: src/keys.ts:3',
      ]);
      const changed = { ...request, files: newRequest('two').files };
      await assertFails(host({ gitProgram }).publish(changed), {
        code: 'PUBLISH_FAILED',
        message: /GH013[^]*secrets[^]*src\/keys\.ts:3/,
        fix: /Take out/,
      });
      assert.equal(github.requests.filter(({ path }) => path.endsWith('receive-pack')).length, 2);
    });
  }

  test('to remove without the right to', async (context) => {
    const { github, host } = await githubGround(context);
    const request = newRequest();
    await host().publish(request);
    github.faults.add({
      method: 'DELETE',
      path: /./,
      times: 1,
      status: 403,
      body: { message: 'Must have admin rights to Repository.' },
    });
    await assertFails(host().remove(request.projectId), {
      code: 'PROVIDER_REFUSED',
      message: /admin rights/,
      fix: /delete_repo/,
    });
  });

  test('an organisation that there is not, or that does not let us in', async (context) => {
    const { host } = await githubGround(context);
    await assertFails(host({ owner: 'acme' }).publish(newRequest()), {
      code: 'PROVIDER_REFUSED',
      message: /acme/,
      fix: /GITHUB_OWNER/,
    });
  });

  test('a name that is there, though it does not show what is', async (context) => {
    const { github, host } = await githubGround(context);
    const request = newRequest();
    await host().publish(request);
    github.faults.add({ method: 'GET', path: /^\/repos\//, times: 9, status: 404, body: { message: 'Not Found' } });
    await assertFails(host().publish(request), { code: 'RESOURCE_NOT_OURS', fix: /see all/ });
  });

  test('more for now: a short while is waited, a long one is told', async (context) => {
    const { github, host } = await githubGround(context);
    const limited = { method: 'GET', path: /^\/user$/, times: 1, status: 403 };
    const body = { message: 'API rate limit exceeded for user ID 1.' };
    github.faults.add({
      ...limited,
      body,
      headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': inSeconds(0) },
    });
    assert.equal(await host(PACED).check(), 'octocat');
    github.faults.add({
      ...limited,
      body: { message: 'You have exceeded a secondary rate limit.' },
      headers: { 'retry-after': '1' },
    });
    assert.equal(await host(PACED).check(), 'octocat');
    assert.deepEqual(github.faults.unused, []);

    const later = { code: 'PROVIDER_REFUSED', message: /takes requests again at \d{4}-/, fix: /later|after that time/ };
    github.faults.add({
      ...limited,
      body,
      headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': inSeconds(900) },
    });
    await assertFails(host(PACED).check(), later);
    github.faults.add({ ...limited, status: 429, headers: { 'retry-after': '120' } });
    await assertFails(host(PACED).check(), later);
    github.faults.add({ ...limited, body: { message: 'You have exceeded a secondary rate limit.' } });
    await assertFails(host(PACED).check(), { code: 'PROVIDER_REFUSED', message: /in some minutes/ });
  });
});

describe('the token goes nowhere else', { ...onlyWithGit, concurrency: 4 }, () => {
  test('when the API points to another host', async (context) => {
    const { github, host } = await githubGround(context);
    const other = await startOther(context);
    github.faults.add({ path: /^\/user$/, times: 1, status: 301, headers: { location: `${other.url}/user` } });
    await assertFails(host().check(), { code: 'PUBLISH_FAILED', message: /points elsewhere/, fix: /GITHUB_API_URL/ });
    assert.deepEqual(other.seen, []);
  });

  for (const { way, gitProgram } of WAYS) {
    for (const path of [/info\/refs$/, /git-receive-pack$/]) {
      test(`when ${path.source} points to another host (${way})`, async (context) => {
        const { github, host } = await githubGround(context);
        const other = await startOther(context);
        const request = newRequest();
        github.faults.add({
          path,
          times: 9,
          status: 302,
          headers: { location: `${other.url}/x.git/info/refs?service=git-receive-pack` },
        });
        await assertFails(host({ gitProgram }).publish(request), { code: 'PUBLISH_FAILED', fix: /GITHUB_API_URL/ });
        assert.deepEqual(other.seen, []);
      });
    }
  }
});

describe('a process that is killed while it publishes', { ...onlyWithGit, concurrency: 2 }, () => {
  for (const { way, gitProgram } of WAYS) {
    for (const call of [
      'looking for the repository',
      'making the repository',
      'asking what is there',
      'pushing',
    ] as const) {
      test(`${call} leaves one repository and one commit when it is repeated (${way})`, async (context) => {
        const { github, host, scratchFolder } = await githubGround(context);
        const request = newRequest();
        const child = fork(fileURLToPath(new URL('../support/cloud/github-publisher.ts', import.meta.url)));
        const exited = once(child, 'exit');
        github.faults.add({ ...CALLS[call], times: 1, after: true, onHit: () => child.kill('SIGKILL') });
        child.send({ apiUrl: github.url, scratchFolder, gitProgram, request } satisfies PublisherOrder);
        assert.deepEqual(await exited, [null, 'SIGKILL']);
        const { commit } = await host({ gitProgram }).publish(request);
        assertPublishedOnce(github, request, commit);
        await host().remove(request.projectId);
        assert.equal(github.repositories.length, 0);
      });
    }
  }
});

test('a GitHub that is not there is told by its variable', onlyWithGit, async (context) => {
  const { github, host } = await githubGround(context);
  await github.stop();
  const expected = {
    code: 'PROVIDER_UNAVAILABLE',
    message: /cannot be reached at 127\.0\.0\.1:\d+ \(ECONNREFUSED\)/,
    fix: /GITHUB_API_URL/,
  };
  await assertFails(host().check(), expected);
  await assertFails(host().publish(newRequest()), expected);
});

/** Unix seconds, as GitHub names a time. */
function inSeconds(seconds: number): string {
  return String(Math.ceil(Date.now() / 1000) + seconds);
}

async function startOther(
  context: TestContext,
): Promise<{ readonly url: string; readonly seen: IncomingHttpHeaders[] }> {
  const seen: IncomingHttpHeaders[] = [];
  const server = createServer((message, response) => {
    seen.push(message.headers);
    response.end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  context.after(() => server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen };
}
