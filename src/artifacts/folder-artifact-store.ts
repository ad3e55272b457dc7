import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { failAs } from '../domain/fail-as.ts';
import { isProjectId, randomText, type ProjectId } from '../domain/ids.ts';
import type { SourceFile } from '../domain/source-file.ts';
import { archiving, checkedHash, checkedProject, hashOf } from './archive-key.ts';
import type { Artifact, ArtifactStore } from './artifact-store.ts';
import { packArchive, unpackArchive } from './source-archive.ts';

/** Archives as files in a folder, `<root>/<project id>/<sha256>.tar.gz`. */
export class FolderArtifactStore implements ArtifactStore {
  readonly #root: string;

  /** `root`: absolute. */
  constructor(root: string) {
    this.#root = root;
  }

  async save(projectId: ProjectId, files: readonly SourceFile[]): Promise<Artifact> {
    return failAs(archiving(`store the archive of ${projectId}`), async () => {
      const archive = await packArchive(files);
      const hash = hashOf(archive);
      const location = this.#locationOf(projectId, hash);
      if (!(await holds(location, hash))) await writeWhole(location, archive);
      return { hash, location, sizeBytes: archive.length };
    });
  }

  async load(projectId: ProjectId, hash: string): Promise<readonly SourceFile[]> {
    return failAs(archiving(`read the archive ${hash} of ${projectId}`), async () => {
      const archive = await readFile(this.#locationOf(projectId, hash));
      if (hashOf(archive) !== hash) throw new Error('its content is not what it was stored as');
      return unpackArchive(archive);
    });
  }

  async remove(projectId: ProjectId): Promise<void> {
    await rm(this.#folderOf(projectId), { recursive: true, force: true });
  }

  async list(): Promise<readonly ProjectId[]> {
    const names: readonly string[] = await readdir(this.#root).catch(() => []);
    return names.filter(isProjectId);
  }

  #locationOf(projectId: ProjectId, hash: string): string {
    return join(this.#folderOf(projectId), `${checkedHash(hash)}.tar.gz`);
  }

  #folderOf(projectId: ProjectId): string {
    return join(this.#root, checkedProject(projectId));
  }
}

async function holds(location: string, hash: string): Promise<boolean> {
  return readFile(location).then(
    (archive) => hashOf(archive) === hash,
    () => false,
  );
}

/** Under its name only when all of it is on disk. */
async function writeWhole(location: string, archive: Buffer): Promise<void> {
  await mkdir(join(location, '..'), { recursive: true });
  const draft = `${location}.${randomText(8)}`;
  const handle = await open(draft, 'wx', 0o644);
  try {
    await handle.writeFile(archive);
    await handle.datasync();
    await rename(draft, location);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  } finally {
    await handle.close();
  }
}
