import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { newId, type ProjectId } from '../domain/ids.ts';
import type { PublishRequest, SourceHost } from './source-host.ts';

/** What every source host promises. Each adapter's test calls this with a way to make one. */
export function describeSourceHost(name: string, makeHost: () => Promise<SourceHost>): void {
  describe(`${name} keeps the source host contract`, () => {
    const published: { readonly host: SourceHost; readonly projectId: ProjectId }[] = [];
    const prepare = async (): Promise<{ readonly host: SourceHost; readonly request: PublishRequest }> => {
      const host = await makeHost();
      const projectId = newId('project');
      published.push({ host, projectId });
      const files = [
        { path: 'src/server.ts', content: 'listen();\n' },
        { path: 'README.md', content: '# Blög\n' },
      ];
      return { host, request: { projectId, name: 'blog-api', message: 'Add the blog API', files } };
    };
    after(async () => {
      for (const { host, projectId } of published) await host.remove(projectId);
    });

    it('makes no commit for the tree that is there, whatever order the files come in', async () => {
      const { host, request } = await prepare();
      const first = await host.publish(request);
      assert.match(first.commit, /^[0-9a-f]{40}$/);
      assert.deepEqual(await host.publish(request), first);
      const again = { ...request, message: 'Again', files: request.files.toReversed() };
      assert.deepEqual(await host.publish(again), first);
    });

    it('makes a commit for another tree, in the same repository', async () => {
      const { host, request } = await prepare();
      const first = await host.publish(request);
      const second = await host.publish({ ...request, files: request.files.slice(1) });
      assert.equal(second.repository, first.repository);
      assert.notEqual(second.commit, first.commit);
    });

    it('rejects files that lead out of the repository', async () => {
      const { host, request } = await prepare();
      for (const path of ['../a', '/a', '.git/config', 'a/.GIT/hooks/b', 'a//b', 'a\\b', '']) {
        const files = [{ path, content: '' }];
        await assert.rejects(host.publish({ ...request, files }), { code: 'PUBLISH_FAILED' }, path);
      }
    });

    it('lists the projects that have a repository', async () => {
      const { host, request } = await prepare();
      assert.ok(!(await host.list()).includes(request.projectId));
      await host.publish(request);
      assert.equal((await host.list()).filter((projectId) => projectId === request.projectId).length, 1);
      await host.remove(request.projectId);
      assert.ok(!(await host.list()).includes(request.projectId));
    });

    it('removes the repository, and again', async () => {
      const { host, request } = await prepare();
      await host.publish(request);
      await host.remove(request.projectId);
      await host.remove(request.projectId);
      assert.match((await host.publish(request)).commit, /^[0-9a-f]{40}$/);
    });
  });
}
