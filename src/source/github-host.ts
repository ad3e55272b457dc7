import { mkdir, mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { init } from 'isomorphic-git';
import { TurboError } from '../domain/errors.ts';
import type { ProjectId } from '../domain/ids.ts';
import { Secret } from '../domain/secret.ts';
import { atomicFileSystem as fs } from './atomic-file-system.ts';
import { cloneAddress } from './github/clone-address.ts';
import { basicCredentials, type GitRemote, type RemoteAccess } from './github/git-remote.ts';
import { GitHubAccount } from './github/github-account.ts';
import type { GitHubSettings } from './github/github-settings.ts';
import { LibraryRemote } from './github/library-remote.ts';
import { hasGitProgram, ProgramRemote } from './github/program-remote.ts';
import { pushSource } from './github/push-source.ts';
import type { Repository } from './github/repository.ts';
import { failAtGitHub } from './github/fail-at-github.ts';
import { readSourceTree } from './read-source-tree.ts';
import type { PublishedSource, PublishRequest, SourceHead, SourceHost } from './source-host.ts';
import { writeSourceTree } from './source-tree.ts';

const SCRATCH = 'github-push-';
// Far longer than a push may take: whoever made it was killed.
const ABANDONED_MS = 3_600_000;

/**
 * Private repositories of a GitHub account, one a project, named after it and marked as its own in the description. The
 * commit is made and pushed from here, never from a sandbox, so that no code of a project comes near the token.
 */
export class GitHubHost implements SourceHost {
  readonly #settings: GitHubSettings;
  readonly #account: GitHubAccount;
  #hasGit: Promise<boolean> | undefined;

  constructor(settings: GitHubSettings) {
    this.#settings = settings;
    settings.redactor.add(settings.token, new Secret(basicCredentials(settings.token)));
    this.#account = new GitHubAccount(settings);
  }

  /** `octocat`, or `octocat, for acme`. */
  async check(): Promise<string> {
    const { owner } = this.#settings;
    const login = await failAtGitHub('ask GitHub who we are', () => this.#account.askLogin());
    return owner === undefined || owner.toLowerCase() === login.toLowerCase() ? login : `${login}, for ${owner}`;
  }

  publish(request: PublishRequest): Promise<PublishedSource> {
    return failAtGitHub(`publish ${request.name} at GitHub`, () =>
      this.#inGitFolder(async (gitdir) => {
        // Before anything is made there: not every file can be kept in git.
        const tree = await writeSourceTree(gitdir, request.files);
        const { repository, isNew } = await this.#account.open(request.projectId, request.name);
        if (repository.isArchived) throw archived(repository);
        const remote = await this.#openRemote(cloneAddress(this.#settings.apiUrl, repository));
        const retryMs = this.#settings.timeouts?.retryMs ?? 1000;
        const commit = await pushSource(remote, { gitdir, tree, message: request.message, isNew, retryMs });
        return { repository: pageOf(repository, this.#settings.apiUrl), commit };
      }),
    );
  }

  read(projectId: ProjectId): Promise<SourceHead | undefined> {
    return failAtGitHub(`read the source of ${projectId} at GitHub`, () =>
      this.#inGitFolder(async (gitdir) => {
        const repository = await this.#account.find(projectId);
        if (!repository) return undefined;
        const remote = await this.#openRemote(cloneAddress(this.#settings.apiUrl, repository));
        const commit = await remote.fetchMain(gitdir);
        return commit === undefined ? undefined : { commit, files: await readSourceTree(gitdir, commit) };
      }),
    );
  }

  remove(projectId: ProjectId): Promise<void> {
    return failAtGitHub(`remove the repository of ${projectId} at GitHub`, () => this.#account.remove(projectId));
  }

  list(): Promise<readonly ProjectId[]> {
    return failAtGitHub('list the repositories at GitHub', () => this.#account.list());
  }

  /** A bare git folder for as long as the work takes; those that a crash left behind go with it. */
  async #inGitFolder<T>(work: (gitdir: string) => Promise<T>): Promise<T> {
    const { scratchFolder } = this.#settings;
    await mkdir(scratchFolder, { recursive: true });
    await removeAbandoned(scratchFolder);
    const gitdir = await mkdtemp(join(scratchFolder, SCRATCH));
    try {
      await init({ fs, gitdir, dir: gitdir, bare: true, defaultBranch: 'main' });
      return await work(gitdir);
    } finally {
      await rm(gitdir, { recursive: true, force: true });
    }
  }

  async #openRemote(url: string): Promise<GitRemote> {
    const { token, redactor, timeouts, gitProgram = 'git' } = this.#settings;
    const access: RemoteAccess = { url, token, redactor, transferMs: timeouts?.transferMs ?? 120_000 };
    this.#hasGit ??= hasGitProgram(gitProgram);
    return (await this.#hasGit) ? new ProgramRemote(gitProgram, access) : new LibraryRemote(access);
  }
}

async function removeAbandoned(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    const modifiedAtMs = name.startsWith(SCRATCH) ? (await stat(path).catch(() => undefined))?.mtimeMs : undefined;
    if (modifiedAtMs !== undefined && Date.now() - modifiedAtMs > ABANDONED_MS)
      await rm(path, { recursive: true, force: true });
  }
}

/** What people open, and git clones; without whatever else an address can hold. */
function pageOf(repository: Repository, apiUrl: string): string {
  const { origin, pathname } = new URL(repository.pageUrl ?? cloneAddress(apiUrl, repository));
  return `${origin}${pathname.replace(/\.git$/, '')}`;
}

function archived({ fullName }: Repository): TurboError {
  return new TurboError('PUBLISH_FAILED', `${fullName} is archived at GitHub, and takes no commits`, {
    phase: 'publish',
    fix: 'Unarchive it in its settings at GitHub, and run it again.',
  });
}
