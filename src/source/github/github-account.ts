import { z } from 'zod';
import { externalName, projectOf } from '../../cloud/external-name.ts';
import { getOrCreate } from '../../cloud/get-or-create.ts';
import { notOurs, ProviderError } from '../../cloud/provider-error.ts';
import { TurboError } from '../../domain/errors.ts';
import type { ProjectId } from '../../domain/ids.ts';
import { AUTHOR } from '../source-commit.ts';
import { GitHubApi } from './github-api.ts';
import type { GitHubSettings } from './github-settings.ts';
import { describeRepository, markOf, readRepositories, readRepository, type Repository } from './repository.ts';

const PAGE = 100;

const person = z.object({ login: z.string() });
const ourCommits = z
  .array(z.object({ commit: z.object({ author: z.object({ email: z.literal(AUTHOR.email) }) }) }))
  .min(1);

/** The repositories that one token makes and finds. Its methods reject with `ProviderError` or `TurboError`. */
export class GitHubAccount {
  readonly #settings: GitHubSettings;
  readonly #api: GitHubApi;
  #login: string | undefined;

  constructor(settings: GitHubSettings) {
    this.#settings = settings;
    this.#api = new GitHubApi(settings);
  }

  /** The name of the token's user, by a call that changes nothing. */
  async askLogin(): Promise<string> {
    const { data } = await this.#api.ask('GET /user');
    const { data: user } = person.safeParse(data);
    if (!user)
      throw new ProviderError('GitHub does not say whose token it is', { provider: 'GitHub', mayBeDone: false });
    this.#login = user.login;
    return user.login;
  }

  /** The project's repository, made private when there was none. Rejects with `RESOURCE_NOT_OURS`. */
  async open(
    projectId: ProjectId,
    name: string,
  ): Promise<{ readonly repository: Repository; readonly isNew: boolean }> {
    const { resource, created } = await seen(
      getOrCreate(
        () => this.#find(projectId),
        () => this.#create(projectId, name),
      ),
    );
    // One that was just made bears the mark, whatever the answer to its making leaves out.
    if (created && resource.description === '') return { repository: resource, isNew: true };
    if (await this.#isOurs(projectId, resource)) return { repository: resource, isNew: created };
    throw notOurs('GitHub', resource.fullName, 'publish');
  }

  /** The project's repository; undefined when there is none that is the project's. */
  async find(projectId: ProjectId): Promise<Repository | undefined> {
    const repository = await this.#find(projectId);
    return repository && (await this.#isOurs(projectId, repository)) ? repository : undefined;
  }

  /** Removes the project's repository; one that is not the project's is left alone. */
  async remove(projectId: ProjectId): Promise<void> {
    const repository = await this.#find(projectId);
    if (!repository || !(await this.#isOurs(projectId, repository))) return;
    const [owner, repo] = repository.fullName.split('/');
    await unlessMissing(this.#api.ask('DELETE /repos/{owner}/{repo}', { owner, repo }));
  }

  /** The projects of this installation that have a repository under the name that it gave it. */
  async list(): Promise<readonly ProjectId[]> {
    const { owner, installationId } = this.#settings;
    const isUser = owner === undefined || (await this.#isUser(owner));
    const route = isUser ? 'GET /user/repos' : 'GET /orgs/{org}/repos';
    const whose = isUser ? { affiliation: 'owner' } : { org: owner, type: 'all' };
    const found = new Set<ProjectId>();
    for (let page = 1, more = true; more; page += 1) {
      const { data, hasNext } = await this.#api.ask(route, { ...whose, per_page: PAGE, page });
      for (const repository of readRepositories(data)) {
        const projectId = projectOf(installationId, repository.name);
        if (projectId !== undefined && markOf(repository) === projectId) found.add(projectId);
      }
      more = hasNext;
    }
    return [...found];
  }

  async #find(projectId: ProjectId): Promise<Repository | undefined> {
    const owner = this.#settings.owner ?? this.#login ?? (await this.askLogin());
    const repo = externalName(this.#settings.installationId, projectId);
    const answer = await unlessMissing(this.#api.ask('GET /repos/{owner}/{repo}', { owner, repo }));
    return answer && readRepository(answer.data);
  }

  async #create(projectId: ProjectId, projectName: string): Promise<Repository> {
    const { owner, installationId } = this.#settings;
    const org = owner === undefined || (await this.#isUser(owner)) ? undefined : owner;
    const name = externalName(installationId, projectId);
    const repository = {
      name,
      description: describeRepository(projectName, projectId),
      private: true,
      auto_init: false,
    };
    // Whether it was made is looked for before it is asked for again.
    if (org === undefined) return readRepository((await this.#api.ask('POST /user/repos', repository, 'once')).data);
    const { data } = await refusedBy(org, this.#api.ask('POST /orgs/{org}/repos', { org, ...repository }, 'once'));
    return readRepository(data);
  }

  /** The token of an app has no user; it makes repositories for organisations alone. */
  async #isUser(owner: string): Promise<boolean> {
    try {
      const login = this.#login ?? (await this.askLogin());
      return login.toLowerCase() === owner.toLowerCase();
    } catch (error) {
      if (error instanceof ProviderError && [403, 404].includes(error.status ?? 0) && !error.code) return false;
      throw error;
    }
  }

  /**
   * By the mark. People reword descriptions, though: without any mark it is the project's while it keeps the name that
   * we gave it and holds a commit by us.
   */
  async #isOurs(projectId: ProjectId, repository: Repository): Promise<boolean> {
    const mark = markOf(repository);
    if (mark !== undefined) return mark === projectId;
    if (repository.name !== externalName(this.#settings.installationId, projectId)) return false;
    const [owner, repo] = repository.fullName.split('/');
    const query = { owner, repo, author: AUTHOR.email, per_page: 1 };
    try {
      const { data } = await this.#api.ask('GET /repos/{owner}/{repo}/commits', query);
      return ourCommits.safeParse(data).success;
    } catch (error) {
      // 409 is an empty repository.
      if (error instanceof ProviderError && [404, 405, 409].includes(error.status ?? 0)) return false;
      throw error;
    }
  }
}

async function unlessMissing<T>(asked: Promise<T>): Promise<T | undefined> {
  return asked.catch((error: unknown) => {
    if (error instanceof ProviderError && error.status === 404) return undefined;
    throw error;
  });
}

/** A token of few repositories is not told of one that is there, but cannot make it either. */
async function seen<T>(opened: Promise<T>): Promise<T> {
  return opened.catch((cause: unknown) => {
    if (!(cause instanceof ProviderError && cause.status === 422 && /already exists/i.test(cause.message))) throw cause;
    throw new TurboError('RESOURCE_NOT_OURS', `A repository is there that GITHUB_TOKEN may not see: ${cause.message}`, {
      cause,
      phase: 'publish',
      fix: 'Let the token see all repositories of its owner, not selected ones.',
    });
  });
}

/** GitHub hides what a token may not see: no right to make a repository looks like no organisation. */
async function refusedBy<T>(organisation: string, asked: Promise<T>): Promise<T> {
  return asked.catch((cause: unknown) => {
    if (!(cause instanceof ProviderError) || cause.code || ![403, 404].includes(cause.status ?? 0)) throw cause;
    const message = `GITHUB_TOKEN may not make a repository in ${organisation}, or there is no such organisation: ${cause.message}`;
    throw new TurboError('PROVIDER_REFUSED', message, {
      cause,
      phase: 'publish',
      fix: `Check GITHUB_OWNER, let the organisation approve the token, and give it Administration (read and write).`,
    });
  });
}
