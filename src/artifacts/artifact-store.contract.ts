import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { newId, type ProjectId } from '../domain/ids.ts';
import type { ArtifactStore } from './artifact-store.ts';

const FILES = [
  { path: 'README.md', content: '# Blög\n' },
  { path: 'empty.txt', content: '' },
  { path: `src/${'long-'.repeat(60)}name.ts`, content: 'export {};\n' },
  { path: 'src/server.ts', content: 'listen();\n'.repeat(500) },
];

/** What every artifact store promises. Each adapter's test calls this with a way to make one. */
export function describeArtifactStore(name: string, makeStore: () => Promise<ArtifactStore>): void {
  describe(`${name} keeps the artifact store contract`, () => {
    const used: { readonly store: ArtifactStore; readonly projectId: ProjectId }[] = [];
    const prepare = async (): Promise<{ readonly store: ArtifactStore; readonly projectId: ProjectId }> => {
      const prepared = { store: await makeStore(), projectId: newId('project') };
      used.push(prepared);
      return prepared;
    };
    after(async () => {
      for (const { store, projectId } of used) await store.remove(projectId);
    });

    it('gives back the files that were stored', async () => {
      const { store, projectId } = await prepare();
      const { hash, sizeBytes } = await store.save(projectId, FILES.toReversed());
      assert.match(hash, /^[0-9a-f]{64}$/);
      assert.ok(sizeBytes > 0 && sizeBytes < 2000);
      assert.deepEqual(await store.load(projectId, hash), FILES);
    });

    it('stores the same files once, whatever order they come in, and others beside them', async () => {
      const { store, projectId } = await prepare();
      const first = await store.save(projectId, FILES);
      assert.deepEqual(await store.save(projectId, FILES.toReversed()), first);
      const second = await store.save(projectId, FILES.slice(1));
      assert.notEqual(second.hash, first.hash);
      assert.equal((await store.load(projectId, first.hash)).length, FILES.length);
    });

    it('rejects an archive that is not there, and a hash that is none', async () => {
      const { store, projectId } = await prepare();
      for (const hash of ['0'.repeat(64), '../../etc/passwd', '']) {
        await assert.rejects(store.load(projectId, hash), { code: 'PUBLISH_FAILED' }, hash);
      }
    });

    it('rejects paths that lead out', async () => {
      const { store, projectId } = await prepare();
      for (const path of ['../a', '/a', 'a/../../b', 'a//b', '', 'a\0', 'a\\b']) {
        await assert.rejects(store.save(projectId, [{ path, content: '' }]), { code: 'PUBLISH_FAILED' }, path);
      }
    });

    it('removes all archives of the project, and again', async () => {
      const { store, projectId } = await prepare();
      const { hash } = await store.save(projectId, FILES);
      await store.remove(projectId);
      await store.remove(projectId);
      await assert.rejects(store.load(projectId, hash), { code: 'PUBLISH_FAILED' });
    });

    it('lists each project that has archives once, and no longer when they are removed', async () => {
      const { store, projectId } = await prepare();
      const { projectId: other } = await prepare();
      assert.ok(!(await store.list()).includes(projectId));
      await store.save(projectId, FILES);
      await store.save(projectId, FILES.slice(1));
      await store.save(other, FILES);
      assert.equal((await store.list()).filter((found) => found === projectId).length, 1);
      await store.remove(projectId);
      const left = await store.list();
      assert.ok(!left.includes(projectId) && left.includes(other));
    });
  });
}
