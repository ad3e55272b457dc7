import { randomBytes } from 'node:crypto';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { init, resolveRef } from 'isomorphic-git';
import { TurboError } from '../domain/errors.ts';
import { failAs } from '../domain/fail-as.ts';
import { isProjectId, type ProjectId } from '../domain/ids.ts';
import { atomicFileSystem as fs } from './atomic-file-system.ts';
import { changeBranch } from './branch-lock.ts';
import { treeOf, writeSourceCommit } from './source-commit.ts';
import { readSourceTree } from './read-source-tree.ts';
import type { PublishedSource, PublishRequest, SourceHead, SourceHost } from './source-host.ts';
import { writeSourceTree } from './source-tree.ts';

/**
 * Bare repositories in a folder, `<root>/<project id>/<name>.git`: `git clone` of one gives a folder of that name.
 * Needs no git on the machine, and nothing in a repository makes git run anything: no hook, no filter, no setting.
 */
export class LocalGitHost implements SourceHost {
  readonly #root: string;

  /** `root`: absolute. */
  constructor(root: string) {
    this.#root = root;
  }

  async publish(request: PublishRequest): Promise<PublishedSource> {
    const doing = `commit the source of ${request.name}`;
    return failAs({ code: 'PUBLISH_FAILED', phase: 'publish', doing }, async () => {
      const repository = await openRepository(this.#folderOf(request.projectId), request.name);
      return { repository, commit: await commitFiles(repository, request) };
    });
  }

  async read(projectId: ProjectId): Promise<SourceHead | undefined> {
    try {
      const repository = await findRepository(this.#folderOf(projectId));
      const head = repository === undefined ? undefined : await readBranch(repository);
      if (repository === undefined || !head) return undefined;
      return { commit: head.commit, files: await readSourceTree(repository, head.commit) };
    } catch (cause) {
      if (cause instanceof TurboError) throw cause;
      throw new TurboError('PUBLISH_FAILED', `Could not read the source of ${projectId}`, { cause, phase: 'publish' });
    }
  }

  async remove(projectId: ProjectId): Promise<void> {
    await rm(this.#folderOf(projectId), { recursive: true, force: true });
  }

  async list(): Promise<readonly ProjectId[]> {
    const names: readonly string[] = await readdir(this.#root).catch(() => []);
    return names.filter(isProjectId);
  }

  #folderOf(projectId: ProjectId): string {
    if (/^[a-z0-9_-]+$/i.test(projectId)) return join(this.#root, projectId);
    throw new TurboError('PUBLISH_FAILED', `${JSON.stringify(projectId)} is no id of a project`);
  }
}

async function findRepository(folder: string): Promise<string | undefined> {
  const names: readonly string[] = await readdir(folder).catch(() => []);
  const [existing] = names.filter((entry) => entry.endsWith('.git')).toSorted();
  return existing === undefined ? undefined : join(folder, existing);
}

/** The project's one repository, under the name it was first published as. */
async function openRepository(folder: string, name: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  const existing = await findRepository(folder);
  if (existing !== undefined) return existing;
  if (!/^[a-z0-9][a-z0-9-]*$/i.test(name)) {
    throw new TurboError('PUBLISH_FAILED', `${JSON.stringify(name)} cannot be a repository's name`, {
      phase: 'publish',
    });
  }
  return makeRepository(folder, join(folder, `${name}.git`));
}

/** Made under another name and moved when it is whole; when another process was quicker, theirs is used. */
async function makeRepository(folder: string, repository: string): Promise<string> {
  const draft = join(folder, `.${randomBytes(6).toString('hex')}.draft`);
  await init({ fs, gitdir: draft, dir: draft, bare: true, defaultBranch: 'main' });
  try {
    await rename(draft, repository);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    if (!['ENOTEMPTY', 'EEXIST'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
  return repository;
}

/** The objects first, none of which anybody sees before the branch names their commit. */
async function commitFiles(repository: string, request: PublishRequest): Promise<string> {
  const tree = await writeSourceTree(repository, request.files);
  let published = '';
  await changeBranch(join(repository, 'refs', 'heads', 'main'), async () => {
    const parent = await readBranch(repository);
    if (parent?.tree === tree) {
      published = parent.commit;
      return undefined;
    }
    published = await writeSourceCommit(repository, { message: request.message, tree, parent: parent?.commit });
    return published;
  });
  return published;
}

async function readBranch(gitdir: string): Promise<{ readonly commit: string; readonly tree: string } | undefined> {
  const commit = await resolveRef({ fs, gitdir, ref: 'refs/heads/main' }).catch((error: { readonly code?: string }) => {
    if (error.code === 'NotFoundError') return undefined;
    throw error;
  });
  if (commit === undefined) return undefined;
  return { commit, tree: await treeOf(gitdir, commit) };
}
