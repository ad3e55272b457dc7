import { addRemote, Errors, fetch, type HttpClient, push, writeRef } from 'isomorphic-git';
import { ProviderClient } from '../../cloud/provider-client.ts';
import { ProviderError } from '../../cloud/provider-error.ts';
import { atomicFileSystem as fs } from '../atomic-file-system.ts';
import { basicCredentials, type GitRemote, judgeRefusal, type PushOutcome, type RemoteAccess } from './git-remote.ts';

const REMOTE = 'origin';

/** Fetches and pushes where the machine has no git. */
export class LibraryRemote implements GitRemote {
  readonly #access: RemoteAccess;
  readonly #http: HttpClient;

  constructor(access: RemoteAccess) {
    this.#access = access;
    this.#http = openHttp(access);
  }

  async fetchMain(gitdir: string): Promise<string | undefined> {
    const { url } = this.#access;
    await addRemote({ fs, gitdir, remote: REMOTE, url, force: true });
    const where = { fs, http: this.#http, gitdir, url, remote: REMOTE };
    const asked = fetch({
      ...where,
      ref: 'main',
      remoteRef: 'refs/heads/main',
      depth: 1,
      singleBranch: true,
      tags: false,
    });
    try {
      return (await asked).fetchHead ?? undefined;
    } catch (error) {
      if (error instanceof Errors.NotFoundError) return undefined;
      throw this.#failure(error);
    }
  }

  async push(gitdir: string, commit: string): Promise<PushOutcome> {
    await writeRef({ fs, gitdir, ref: 'refs/heads/main', value: commit, force: true });
    const told: string[] = [];
    const onMessage = (line: string): void => void told.push(line);
    const where = { fs, http: this.#http, gitdir, url: this.#access.url, onMessage };
    try {
      await push({ ...where, ref: 'refs/heads/main', remoteRef: 'refs/heads/main' });
      return { kind: 'pushed' };
    } catch (error) {
      if (error instanceof Errors.PushRejectedError) return { kind: 'moved' };
      if (!(error instanceof Errors.GitPushError)) throw this.#failure(error);
      const { redactor } = this.#access;
      return judgeRefusal(reasonOf(error), redactor.redact(told.join('').slice(0, 2000)));
    }
  }

  #failure(error: unknown): ProviderError {
    if (error instanceof ProviderError) return error;
    const reason = error instanceof Error ? error.message : String(error);
    const message = this.#access.redactor.redact(`GitHub did not answer as git does: ${reason}`.slice(0, 500));
    return new ProviderError(message, { provider: 'GitHub', mayBeDone: true });
  }
}

/** Without redirections, with the token for this one repository. */
function openHttp({ url, token, redactor, transferMs }: RemoteAccess): HttpClient {
  const client = new ProviderClient({
    provider: 'GitHub',
    baseUrl: url,
    headers: { authorization: basicCredentials(token), 'user-agent': 'git/turbobackend' },
    redactor,
    budgetMs: transferMs,
    timeoutMs: transferMs,
  });
  return {
    request: async ({ url: path, method = 'GET', headers = {}, body }) => {
      const sent = await collect(body);
      const answer = await client.ask({
        method: method as 'GET' | 'POST',
        path,
        headers,
        ...(sent && { body: () => sent }),
        // Whether a push came through is looked for by who pushes.
        repeatable: false,
      });
      if (answer.status >= 300) throw pointsElsewhere(answer.status);
      return {
        url: path,
        method,
        headers: Object.fromEntries(answer.headers),
        body: whole(answer.bytes),
        statusCode: answer.status,
        statusMessage: '',
      };
    },
  };
}

async function collect(body: AsyncIterable<Uint8Array> | undefined): Promise<Uint8Array<ArrayBuffer> | undefined> {
  if (body === undefined) return undefined;
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks);
}

async function* whole(bytes: Uint8Array): AsyncIterableIterator<Uint8Array> {
  yield bytes;
}

function pointsElsewhere(status: number): ProviderError {
  const message = `GitHub answered ${status} and points elsewhere, where the token is not sent`;
  return new ProviderError(message, { provider: 'GitHub', status, mayBeDone: false });
}

/** What the other side says of `main`: `pre-receive hook declined`. */
function reasonOf(error: InstanceType<typeof Errors.GitPushError>): string {
  const refs = Object.values(error.data.result.refs);
  return refs.map((ref) => ref.error).find(Boolean) ?? error.message;
}
