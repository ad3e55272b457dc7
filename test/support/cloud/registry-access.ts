import { randomUUID } from 'node:crypto';
import { problem, type RegistryAnswer, type RegistryRequest } from './registry-store.ts';

export interface AccessRules {
  /** `basic`: the key with every call. `bearer`: for tokens that are given out for a repository and what to do with it. */
  readonly auth: 'basic' | 'bearer';
  readonly user: string;
  /** Undefined lets everybody do everything. */
  readonly token: string | undefined;
  /** With `bearer`, who has no key may read these. */
  readonly publicRepositories: readonly string[];
  /** How many calls a given-out token is good for. */
  readonly tokenUses: number;
}

/** Who may do what; `url` is the registry's own. */
export class RegistryAccess {
  readonly #rules: AccessRules;
  readonly #given = new Map<string, { readonly scopes: ReadonlySet<string>; uses: number }>();

  constructor(rules: AccessRules) {
    this.#rules = rules;
  }

  /** Undefined when the call is allowed. */
  refuse(request: RegistryRequest, url: string): RegistryAnswer | undefined {
    if (this.#rules.token === undefined) return undefined;
    const { authorization } = request.headers;
    if (this.#rules.auth === 'basic') {
      if (this.#hasKey(authorization)) return undefined;
      return problem(401, 'UNAUTHORIZED', { 'www-authenticate': 'Basic realm="registry"' });
    }
    const scopes = scopesOf(request);
    const given = this.#given.get(authorization?.replace(/^Bearer /, '') ?? '');
    if (given && given.uses > 0 && scopes.every((scope) => given.scopes.has(scope))) {
      given.uses -= 1;
      return undefined;
    }
    const challenge = `Bearer realm="${url}/token",service="registry",scope="${joinScopes(scopes)}"`;
    return problem(401, 'UNAUTHORIZED', { 'www-authenticate': challenge });
  }

  /** The token service: `GET /token?service=&scope=`. A key that is wrong is refused, none gives what is public. */
  giveToken({ query, headers }: RegistryRequest): RegistryAnswer {
    const { authorization } = headers;
    if (authorization !== undefined && !this.#hasKey(authorization)) return problem(401, 'UNAUTHORIZED');
    const wanted = query.getAll('scope').flatMap(splitScope);
    const allowed = wanted.filter((scope) => authorization !== undefined || this.#isPublic(scope));
    const token = `token-${randomUUID()}`;
    this.#given.set(token, { scopes: new Set(allowed), uses: this.#rules.tokenUses });
    return { status: 200, body: { token, expires_in: 300 } };
  }

  #hasKey(authorization: string | undefined): boolean {
    const { user, token } = this.#rules;
    return authorization === `Basic ${Buffer.from(`${user}:${token}`).toString('base64')}`;
  }

  #isPublic(scope: string): boolean {
    return this.#rules.publicRepositories.some((name) => scope === `${name}:pull`);
  }
}

/** What a call needs, one `repository:action` each. */
function scopesOf({ method, path, query }: RegistryRequest): readonly string[] {
  const name = /^\/v2\/(.+?)\/(?:manifests|blobs)\//.exec(path)?.[1] ?? '';
  const own = ['GET', 'HEAD'].includes(method) ? [`${name}:pull`] : [`${name}:pull`, `${name}:push`];
  const from = query.get('from');
  return from === null ? own : [...own, `${from}:pull`];
}

/** As a challenge says them: `repository:a:pull,push repository:b:pull`. */
function joinScopes(scopes: readonly string[]): string {
  const names = new Set(scopes.map((scope) => scope.slice(0, scope.lastIndexOf(':'))));
  return [...names]
    .map((name) => {
      const actions = scopes
        .filter((scope) => scope.startsWith(`${name}:`))
        .map((scope) => scope.slice(name.length + 1));
      return `repository:${name}:${actions.join(',')}`;
    })
    .join(' ');
}

function splitScope(text: string): readonly string[] {
  const [, name = '', actions = ''] = /^repository:(.+):([^:]+)$/.exec(text) ?? [];
  return actions.split(',').map((action) => `${name}:${action}`);
}
