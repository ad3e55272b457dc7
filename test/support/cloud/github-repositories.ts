import { mkdtempSync, rmSync } from 'node:fs';
import type { IncomingHttpHeaders } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { git, makeBareRepository, serveGit } from './git-backend.ts';

export interface GitHubRequest {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface FakeRepository {
  readonly id: number;
  readonly owner: string;
  name: string;
  description: string | null;
  readonly private: boolean;
  isArchived: boolean;
  /** Where git keeps it. */
  readonly folder: string;
}

export interface FakeGitHubOptions {
  readonly token: string;
  readonly organisation?: string;
  /** What clone addresses begin with. Default: the fake's own. */
  readonly cloneBase?: string;
  readonly pageSize?: number;
}

export interface Answer {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export const LOGIN = 'octocat';

export const GIT_PATH = /^\/([^/]+)\/([^/]+?)(?:\.git)?\/(info\/refs|git-upload-pack|git-receive-pack)$/;

/** What the fake keeps, and what it answers when nothing goes wrong. */
export class GitHubRepositories {
  readonly root = mkdtempSync(join(tmpdir(), 'turbo-github-'));
  readonly all: FakeRepository[] = [];
  url = '';
  readonly #options: FakeGitHubOptions;
  /** `octocat/former`, by which a repository is still found. */
  readonly #formerNames = new Map<string, FakeRepository>();

  constructor(options: FakeGitHubOptions) {
    this.#options = options;
  }

  add(owner: string, made: Pick<FakeRepository, 'name' | 'description' | 'private'>): FakeRepository {
    const id = 1000 + this.#formerNames.size;
    const repository = { ...made, id, owner, isArchived: false, folder: join(this.root, `${id}.git`) };
    makeBareRepository(repository.folder);
    this.all.push(repository);
    this.#formerNames.set(`${owner}/${made.name}`, repository);
    return repository;
  }

  async answer(request: GitHubRequest): Promise<Answer> {
    const gitPath = GIT_PATH.exec(request.path);
    if (gitPath) return this.#serveGit(request, gitPath);
    const { authorization = '' } = request.headers;
    if (!/^(?:token|bearer) /i.test(authorization) || authorization.split(' ')[1] !== this.#options.token) {
      return { status: 401, body: { message: 'Bad credentials' } };
    }
    const route = `${request.method} ${request.path}`;
    const [, organisation] = /^[A-Z]+ \/orgs\/([^/]+)\/repos$/.exec(route) ?? [];
    if (route === 'GET /user') return { status: 200, body: { login: LOGIN, id: 1, type: 'User' } };
    if (route === 'GET /user/repos') return this.#list(LOGIN, request);
    if (route === 'POST /user/repos') return this.#create(LOGIN, request);
    if (organisation !== undefined && organisation === this.#options.organisation) {
      return request.method === 'GET' ? this.#list(organisation, request) : this.#create(organisation, request);
    }
    return this.#answerFor(request);
  }

  #answerFor({ method, path }: GitHubRequest): Answer {
    const [, owner = '', name = '', rest = ''] = /^\/repos\/([^/]+)\/([^/]+)(\/commits)?$/.exec(path) ?? [];
    const [, id] = /^\/repositories\/(\d+)$/.exec(path) ?? [];
    const found = id === undefined ? this.#find(owner, name) : this.all.find((each) => each.id === Number(id));
    const former = this.#formerNames.get(`${owner}/${name}`);
    if (!found && former && this.all.includes(former)) {
      return {
        status: 301,
        headers: { location: `${this.url}/repositories/${former.id}` },
        body: { message: 'Moved' },
      };
    }
    if (!found) return { status: 404, body: { message: 'Not Found' } };
    if (rest !== '') return commitsOf(found);
    if (method === 'GET') return { status: 200, body: this.#shown(found) };
    if (method !== 'DELETE') return { status: 404, body: { message: 'Not Found' } };
    this.all.splice(this.all.indexOf(found), 1);
    rmSync(found.folder, { recursive: true });
    return { status: 204 };
  }

  #find(owner: string, name: string): FakeRepository | undefined {
    const wanted = `${owner}/${name}`.toLowerCase();
    return this.all.find((each) => `${each.owner}/${each.name}`.toLowerCase() === wanted);
  }

  #create(owner: string, request: GitHubRequest): Answer {
    const body = jsonOf(request) as {
      readonly name: string;
      readonly description?: string;
      readonly private?: boolean;
    };
    if (this.#find(owner, body.name)) {
      const error = {
        resource: 'Repository',
        code: 'custom',
        field: 'name',
        message: 'name already exists on this account',
      };
      return { status: 422, body: { message: 'Repository creation failed.', errors: [error] } };
    }
    const made = { name: body.name, description: body.description ?? null, private: body.private ?? false };
    return { status: 201, body: this.#shown(this.add(owner, made)) };
  }

  #list(owner: string, { path, query }: GitHubRequest): Answer {
    const asked = new URLSearchParams(query);
    const page = Number(asked.get('page') ?? 1);
    const size = Math.min(Number(asked.get('per_page') ?? 30), this.#options.pageSize ?? 100);
    const theirs = this.all.filter((each) => each.owner === owner);
    asked.set('page', String(page + 1));
    const next: Record<string, string> =
      page * size < theirs.length ? { link: `<${this.url}${path}?${asked.toString()}>; rel="next"` } : {};
    const shown = theirs.slice((page - 1) * size, page * size).map((each) => this.#shown(each));
    return { status: 200, headers: next, body: shown };
  }

  #shown({ id, owner, name, description, private: isPrivate, isArchived }: FakeRepository): object {
    const fullName = `${owner}/${name}`;
    return {
      id,
      name,
      full_name: fullName,
      private: isPrivate,
      owner: { login: owner, id: 1 },
      html_url: `${this.url}/${fullName}`,
      clone_url: `${this.#options.cloneBase ?? this.url}/${fullName}.git`,
      description,
      archived: isArchived,
      default_branch: 'main',
    };
  }

  async #serveGit(request: GitHubRequest, [, owner = '', name = '', service = '']: RegExpExecArray): Promise<Answer> {
    const [kind, credentials = ''] = (request.headers.authorization ?? '').split(' ');
    const [, password] = Buffer.from(credentials, 'base64').toString().split(':');
    if (kind?.toLowerCase() !== 'basic' || password !== this.#options.token) {
      return { status: 401, headers: { 'www-authenticate': 'Basic realm="GitHub"' }, body: 'Bad credentials' };
    }
    const repository = this.#find(owner, name);
    if (!repository) return { status: 404, body: 'Repository not found.' };
    const isPush = service === 'git-receive-pack' || request.query.includes('git-receive-pack');
    if (isPush && repository.isArchived)
      return { status: 403, body: 'This repository was archived so it is read-only.' };
    return serveGit(this.root, { ...request, path: `/${repository.id}.git/${service}` });
  }
}

function commitsOf({ folder }: FakeRepository): Answer {
  if (git('--git-dir', folder, 'for-each-ref').trim() === '') {
    return { status: 409, body: { message: 'Git Repository is empty.' } };
  }
  const emails = git('--git-dir', folder, 'log', '--format=%ae', 'main').trim().split('\n');
  return { status: 200, body: emails.map((email) => ({ commit: { author: { email } } })) };
}

export function jsonOf({ body }: GitHubRequest): unknown {
  return body.length === 0 ? undefined : JSON.parse(body.toString('utf8'));
}
