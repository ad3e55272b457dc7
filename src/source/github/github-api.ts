import { Octokit } from '@octokit/core';
import { retry } from '@octokit/plugin-retry';
import { throttling } from '@octokit/plugin-throttling';
import { ProviderError } from '../../cloud/provider-error.ts';
import type { Secret } from '../../domain/secret.ts';
import { gitHubError, waitAskedFor } from './api-error.ts';
import type { GitHubSettings } from './github-settings.ts';

const TRIES = 3;
const LONGEST_REDIRECTION = 3;
const API_VERSION = '2022-11-28';

export interface GitHubAnswer {
  readonly data: unknown;
  /** Whether there is another page behind this one, where GitHub says so. */
  readonly hasNext: boolean;
}

/** What octokit passes on with a request, and its plugins may look at. */
interface Budget {
  readonly signal: AbortSignal;
  /** By `performance.now()`. */
  readonly deadline: number;
  readonly [other: string]: unknown;
}

type Settings = Pick<GitHubSettings, 'token' | 'apiUrl' | 'redactor' | 'timeouts'>;

/** Asks GitHub's REST interface, again where that is safe, and never where else an answer points to. */
export class GitHubApi {
  readonly #settings: Settings;
  readonly #octokit: Octokit;

  constructor(settings: Settings) {
    this.#settings = settings;
    this.#octokit = openOctokit(settings);
  }

  /**
   * `route` as GitHub documents it: `GET /repos/{owner}/{repo}`. Throttled requests are repeated when the wait fits into
   * the budget; those without a good answer, too, unless they are to be tried `once`. Rejects with `ProviderError`,
   * which holds nothing of octokit's, whose errors hold the whole request.
   */
  async ask(route: string, parameters: object = {}, how?: 'once'): Promise<GitHubAnswer> {
    const budgetMs = this.#settings.timeouts?.budgetMs ?? 60_000;
    const budget = AbortSignal.timeout(budgetMs);
    // The plugin repeats what is refused as well, at once, when it is told how often here.
    const retries = how === 'once' ? { retries: 0 } : {};
    const request = { signal: budget, deadline: performance.now() + budgetMs, ...retries };
    const used = new Promise<never>((_resolve, reject) => {
      // The plugins go on waiting when they are told to stop.
      budget.addEventListener('abort', () => reject(new Error(`no answer within ${budgetMs} ms`)), { once: true });
    });
    try {
      return await Promise.race([this.#follow(route, parameters, request), used]);
    } catch (error) {
      if (error instanceof ProviderError) throw error;
      throw gitHubError(error, this.#settings);
    }
  }

  /** GitHub sends who asks for a repository by its former name to where it is now. Only on its own host, and to read. */
  async #follow(route: string, parameters: object, request: Budget): Promise<GitHubAnswer> {
    let { status, headers, data } = await this.#octokit.request(route, { ...parameters, request });
    for (let steps = 0; status >= 300; steps += 1) {
      const target = route.startsWith('GET ') && steps < LONGEST_REDIRECTION && this.#ownAddress(headers.location);
      if (!target) throw pointsElsewhere(status);
      ({ status, headers, data } = await this.#octokit.request(`GET ${target}`, { request }));
    }
    return { data, hasNext: headers.link?.includes('rel="next"') ?? false };
  }

  #ownAddress(location: string | undefined): string | undefined {
    const { apiUrl } = this.#settings;
    const target = location === undefined ? null : URL.parse(location, apiUrl);
    return target?.origin === new URL(apiUrl).origin ? target.href : undefined;
  }
}

const PatientOctokit = Octokit.plugin(nameThrottling, retry, throttling);

function openOctokit({ token, apiUrl, timeouts = {} }: Settings): Octokit {
  const silent = { debug: ignore, info: ignore, warn: ignore, error: ignore };
  return new PatientOctokit({
    baseUrl: apiUrl,
    userAgent: 'turbobackend',
    log: silent,
    request: { fetch: boundedFetch(token, timeouts.requestMs ?? 15_000), log: silent },
    retry: {
      retries: TRIES - 1,
      retryAfterBaseValue: timeouts.retryMs ?? 1000,
      doNotRetry: [400, 401, 403, 404, 409, 410, 422, 429, 451],
    },
    throttle: {
      // GitHub counts by account, and so what is done with one token waits for each other.
      id: apiUrl,
      enabled: timeouts.paced ?? true,
      onRateLimit: fitsIn,
      onSecondaryRateLimit: fitsIn,
    },
  });
}

function fitsIn(waitSeconds: number, options: object): boolean {
  return performance.now() + waitSeconds * 1000 < (options as { readonly request: Budget }).request.deadline;
}

/**
 * One try: its time counts until the body has come. Redirections are answers. The token is put in here, as GitHub
 * documents it, so that nothing of octokit's holds it.
 */
function boundedFetch(token: Secret, timeoutMs: number): typeof fetch {
  return async (url, init) => {
    const timeout = AbortSignal.timeout(timeoutMs);
    const signal = init?.signal ? AbortSignal.any([timeout, init.signal]) : timeout;
    const headers = new Headers(init?.headers);
    headers.set('authorization', `Bearer ${token.reveal()}`);
    headers.set('x-github-api-version', API_VERSION);
    const response = await fetch(url, { ...init, headers, signal, redirect: 'manual' });
    const body = await response.arrayBuffer();
    return new Response(body.byteLength === 0 ? null : body, response);
  };
}

/**
 * GitHub says how long to wait, but the plugin listens only to what calls itself a «secondary rate limit», and takes
 * only a number of seconds that is not 0.
 */
function nameThrottling(octokit: Octokit): object {
  octokit.hook.error('request', (error) => {
    const headers = 'response' in error ? error.response?.headers : undefined;
    const waitMs = headers && 'status' in error ? waitAskedFor(error.status, headers) : undefined;
    if (headers && waitMs !== undefined) {
      headers['retry-after'] = String(Math.max(waitMs, 10) / 1000);
      error.message += ' (secondary rate limit)';
    }
    throw error;
  });
  return {};
}

function pointsElsewhere(status: number): ProviderError {
  const message = `GitHub answered ${status} and points elsewhere, where the token is not sent`;
  return new ProviderError(message, { provider: 'GitHub', status, mayBeDone: false });
}

function ignore(): void {}
