import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { newId, type ProjectId } from '../domain/ids.ts';
import { Secret } from '../domain/secret.ts';
import { sourceHash } from '../domain/source-file.ts';
import type { DeployRequest, DeployTarget } from './deploy-target.ts';

/** A backend of one file: healthy unless `problem` is set, and telling what it was started with. */
export function releaseOf(
  version: string,
  problem: 'none' | 'not ready' | 'ends' = 'none',
): Pick<DeployRequest, 'files' | 'sourceHash'> {
  const content = `
    import { createServer } from 'node:http';
    console.log('starting ${version}', process.env['DB_PASSWORD']);
    if (process.env['BREAKS_IT']) throw new Error('broken by ' + process.env['BREAKS_IT']);
    if (${problem === 'ends'}) throw new Error('cannot start with ' + process.env['DB_PASSWORD']);
    const answers: Record<string, [number, string]> = {
      '/healthz': [200, 'ok'],
      '/readyz': [${problem === 'not ready' ? 503 : 200}, 'ready'],
      '/version': [200, '${version}'],
      '/environment': [200, JSON.stringify(process.env)],
    };
    createServer((request, response) => {
      const [status, text] = answers[request.url ?? ''] ?? [404, ''];
      response.writeHead(status).end(text);
    }).listen(Number(process.env['PORT']), process.env['HOST'] ?? '0.0.0.0');`;
  const files = [
    { path: 'src/server.ts', content },
    { path: 'package.json', content: '{ "type": "module" }\n' },
  ];
  return { files, sourceHash: sourceHash(files) };
}

/** What every deploy target promises. Each adapter's test calls this with a way to make one. */
export function describeDeployTarget(name: string, makeTarget: () => Promise<DeployTarget>): void {
  describe(`${name} keeps the deploy target contract`, () => {
    const used: { readonly target: DeployTarget; readonly projectId: ProjectId }[] = [];
    const prepare = async (): Promise<{ readonly target: DeployTarget; readonly request: DeployRequest }> => {
      const target = await makeTarget();
      const projectId = newId('project');
      used.push({ target, projectId });
      const secrets = { DB_NAME: new Secret('app'), DB_PASSWORD: new Secret('hunter2hunter2') };
      return { target, request: { projectId, name: 'blog-api', secrets, ...releaseOf('one') } };
    };
    after(async () => {
      for (const { target, projectId } of used) await target.remove(projectId);
    });

    it('brings a release up with its secrets', async () => {
      const { target, request } = await prepare();
      const deployment = await target.deploy(request);
      assert.equal(deployment.status, 'running');
      assert.equal(deployment.sourceHash, request.sourceHash);
      assert.deepEqual(await target.find(request.projectId), deployment);
      const environment = JSON.parse(await ask(deployment.url, '/environment')) as Record<string, string>;
      assert.equal(environment['DB_PASSWORD'], 'hunter2hunter2');
      assert.equal(environment['NODE_ENV'], 'production');
    });

    it('leaves a running deployment of the same release as it is', async () => {
      const { target, request } = await prepare();
      const deployment = await target.deploy(request);
      assert.deepEqual(await target.deploy(request), deployment);
    });

    it('puts another release in its place, on the same address', async () => {
      const { target, request } = await prepare();
      const first = await target.deploy(request);
      const second = await target.deploy({ ...request, ...releaseOf('two') });
      assert.equal(second.url, first.url);
      assert.equal(await ask(second.url, '/version'), 'two');
    });

    it('takes a release down that does not become healthy, and says what it printed without its secrets', async () => {
      const { target, request } = await prepare();
      await assert.rejects(
        target.deploy({ ...request, ...releaseOf('bad', 'ends') }),
        (error: Error & { code?: string }) => {
          assert.equal(error.code, 'DEPLOY_FAILED');
          assert.match(error.message, /cannot start with \[secret\]/);
          assert.doesNotMatch(error.message, /hunter2/);
          return true;
        },
      );
      assert.equal(await target.find(request.projectId), undefined);
    });

    it('has the release before it again when the new one is not healthy', async () => {
      const { target, request } = await prepare();
      const first = await target.deploy(request);
      await assert.rejects(target.deploy({ ...request, ...releaseOf('bad', 'not ready') }), {
        code: 'DEPLOY_FAILED',
        message: /readyz answered 503/,
      });
      const now = await target.find(request.projectId);
      assert.deepEqual([now?.status, now?.sourceHash, now?.url], ['running', first.sourceHash, first.url]);
      assert.equal(await ask(first.url, '/version'), 'one');
    });

    it('gives what runs another environment on the same address, and what is stopped from its next start', async () => {
      const { target, request } = await prepare();
      const { projectId, secrets } = request;
      const more = { ...secrets, API_KEY: new Secret('key-of-another') };
      assert.equal(await target.configure({ ...request, secrets: more, withdrawn: [] }), undefined);
      const { url, sourceHash: hash } = await target.deploy(request);
      const environment = async (): Promise<unknown> => JSON.parse(await ask(url, '/environment'));
      const configured = await target.configure({ ...request, secrets: more, withdrawn: [] });
      assert.deepEqual([configured?.status, configured?.url, configured?.sourceHash], ['running', url, hash]);
      assert.equal(((await environment()) as Record<string, string>)['API_KEY'], 'key-of-another');
      await target.stop(projectId);
      const withdrawn = await target.configure({ ...request, secrets, withdrawn: ['API_KEY'] });
      assert.equal(withdrawn?.status, 'stopped');
      await target.start(projectId);
      const started = (await environment()) as Record<string, string>;
      assert.deepEqual([started['API_KEY'], started['DB_PASSWORD']], [undefined, 'hunter2hunter2']);
    });

    it('keeps the environment it had when it is not healthy with another', async () => {
      const { target, request } = await prepare();
      const { url } = await target.deploy(request);
      const secrets = { ...request.secrets, BREAKS_IT: new Secret('hidden-cause') };
      await assert.rejects(target.configure({ ...request, secrets, withdrawn: [] }), { code: 'DEPLOY_FAILED' });
      const environment = JSON.parse(await ask(url, '/environment')) as Record<string, string>;
      assert.deepEqual([environment['BREAKS_IT'], environment['DB_PASSWORD']], [undefined, 'hunter2hunter2']);
      assert.equal((await target.find(request.projectId))?.status, 'running');
    });

    it('stops, and starts again on the same address', async () => {
      const { target, request } = await prepare();
      const { url } = await target.deploy(request);
      await target.stop(request.projectId);
      await target.stop(request.projectId);
      assert.equal((await target.find(request.projectId))?.status, 'stopped');
      await assert.rejects(fetch(`${url}/healthz`));
      assert.equal((await target.start(request.projectId)).url, url);
      assert.equal((await target.start(request.projectId)).status, 'running');
      assert.equal(await ask(url, '/version'), 'one');
    });

    it('shows the last lines of the log, without secrets', async () => {
      const { target, request } = await prepare();
      await target.deploy(request);
      await target.deploy({ ...request, ...releaseOf('two') });
      assert.deepEqual(await target.logs(request.projectId, 1), ['starting two [secret]']);
      assert.deepEqual(await target.logs(request.projectId, 100), ['starting one [secret]', 'starting two [secret]']);
      assert.deepEqual(await target.logs(request.projectId, 0), []);
    });

    it('removes a deployment, and again', async () => {
      const { target, request } = await prepare();
      const { url } = await target.deploy(request);
      await target.remove(request.projectId);
      await target.remove(request.projectId);
      await assert.rejects(fetch(`${url}/healthz`));
      assert.equal(await target.find(request.projectId), undefined);
      assert.deepEqual(await target.logs(request.projectId, 10), []);
    });

    it('lists the projects that have a deployment, stopped ones too, and none that was removed', async () => {
      const { target, request } = await prepare();
      assert.ok(!(await target.list()).includes(request.projectId));
      await target.deploy(request);
      await target.stop(request.projectId);
      assert.equal((await target.list()).filter((projectId) => projectId === request.projectId).length, 1);
      await target.remove(request.projectId);
      assert.ok(!(await target.list()).includes(request.projectId));
    });

    it('knows nothing of what was not deployed', async () => {
      const { target, request } = await prepare();
      assert.equal(await target.find(request.projectId), undefined);
      assert.deepEqual(await target.logs(request.projectId, 10), []);
      await target.stop(request.projectId);
      await assert.rejects(target.start(request.projectId), { code: 'DEPLOY_FAILED' });
    });
  });
}

async function ask(url: string, path: string): Promise<string> {
  const response = await fetch(`${url}${path}`, { headers: { connection: 'close' } });
  assert.equal(response.status, 200);
  return response.text();
}
