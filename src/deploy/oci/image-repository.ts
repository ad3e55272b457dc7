import type { Readable } from 'node:stream';
import { ProviderClient, type ProviderAnswer, type ProviderRequest } from '../../cloud/provider-client.ts';
import { ProviderError } from '../../cloud/provider-error.ts';
import { Secret } from '../../domain/secret.ts';
import type { Redactor } from '../../domain/redactor.ts';
import { isSafeAddress } from './image-reference.ts';
import { digestOf, MANIFEST_TYPE, READABLE_MANIFESTS, type Descriptor } from './image-manifest.ts';
import { fetchToken, mayHaveKey, readTokenOffer } from './registry-token.ts';

export interface RegistryTimeouts {
  /** For one try of a call that carries no blob. Default: 30 000. */
  readonly timeoutMs?: number | undefined;
  /** For all its tries together. Default: 60 000. */
  readonly budgetMs?: number | undefined;
  /** For one try of a blob's transfer. Default: one minute, and what the blob takes at 100 KB a second. */
  readonly transferMs?: number | undefined;
}

export interface RepositorySettings {
  /** What messages call the registry. */
  readonly provider: string;
  readonly registryUrl: string;
  readonly repository: string;
  readonly key: { readonly user: string; readonly password: Secret } | undefined;
  readonly redactor: Redactor;
  readonly signal: AbortSignal | undefined;
  readonly timeouts: RegistryTimeouts;
}

export interface StoredManifest {
  readonly bytes: Buffer;
  readonly digest: string;
}

const MOST_REDIRECTS = 3;

/**
 * One repository of a registry that speaks the Docker Registry's HTTP API, version 2. Its key goes to the registry alone,
 * whoever else the registry points to. All calls reject with `ProviderError`.
 */
export class ImageRepository {
  readonly #settings: RepositorySettings;
  readonly #registry: URL;
  readonly #client: ProviderClient;
  readonly #basic: string | undefined;
  #authorization: string | undefined;

  constructor(settings: RepositorySettings) {
    this.#settings = settings;
    this.#registry = new URL(settings.registryUrl);
    this.#client = this.#openClient(settings.registryUrl);
    const { key } = settings;
    if (key) {
      const pair = Buffer.from(`${key.user}:${key.password.reveal()}`).toString('base64');
      settings.redactor.add(new Secret(pair));
      this.#basic = `Basic ${pair}`;
    }
    this.#authorization = this.#basic;
  }

  get name(): string {
    return this.#settings.repository;
  }

  get host(): string {
    return this.#registry.host;
  }

  /** What a tag stands for, without fetching it; undefined when there is no such tag, or the registry does not say. */
  async digestOfTag(tag: string): Promise<string | undefined> {
    const answer = await this.#ask({
      method: 'HEAD',
      path: this.#pathOf(`manifests/${tag}`),
      headers: { accept: READABLE_MANIFESTS },
      expect: [400, 404, 405],
    });
    const digest = answer.status === 200 ? answer.headers.get('docker-content-digest') : null;
    return digest !== null && /^sha256:[0-9a-f]{64}$/.test(digest) ? digest : undefined;
  }

  /** By tag or digest; undefined when there is none. It has the digest by which it was asked for, or that it came with. */
  async readManifest(version: string): Promise<StoredManifest | undefined> {
    const headers = { accept: READABLE_MANIFESTS };
    const answer = await this.#ask({ path: this.#pathOf(`manifests/${version}`), headers, expect: [404] });
    if (answer.status === 404) return undefined;
    if (answer.status >= 300) throw this.#failure(`answered ${answer.status} for a manifest`, answer.status);
    const digest = digestOf(answer.bytes);
    const told = version.startsWith('sha256:') ? version : answer.headers.get('docker-content-digest');
    if (told !== null && told.startsWith('sha256:') && told !== digest)
      throw this.#failure(`sent a manifest that is not the one of its digest ${told}`, answer.status);
    return { bytes: answer.bytes, digest };
  }

  async writeManifest(tag: string, manifest: Buffer): Promise<void> {
    const answer = await this.#ask({
      method: 'PUT',
      path: this.#pathOf(`manifests/${tag}`),
      headers: { 'content-type': MANIFEST_TYPE },
      body: () => manifest,
    });
    if (answer.status >= 300) throw this.#failure(`answered ${answer.status} for a manifest`, answer.status);
  }

  async hasBlob(digest: string): Promise<boolean> {
    const path = this.#pathOf(`blobs/${digest}`);
    // A storage that is pointed to may let us read only.
    const answer = await this.#askForBlob({ method: 'HEAD', path, expect: [403, 404, 405] });
    return answer.status === 200;
  }

  /** Hands the bytes over as they come; whether they are the right ones is for `receive` to judge. */
  async readBlob({ digest, size }: Descriptor, receive: NonNullable<ProviderRequest['receive']>): Promise<void> {
    const path = this.#pathOf(`blobs/${digest}`);
    const answer = await this.#askForBlob({ path, receive, ...this.#transferLimits(size) });
    if (answer.status !== 200) throw this.#failure(`answered ${answer.status} for a blob`, answer.status);
  }

  /** Takes the blob over from another repository; false when the registry would not, which it need not. */
  async mountBlob(digest: string, from: string): Promise<boolean> {
    const query = `mount=${encodeURIComponent(digest)}&from=${encodeURIComponent(from)}`;
    const path = `${this.#pathOf('blobs/uploads/')}?${query}`;
    try {
      return (await this.#ask({ method: 'POST', path })).status === 201;
    } catch (error) {
      if (error instanceof ProviderError && !error.mayBeDone) return false;
      throw error;
    }
  }

  /** An upload of its own each time: what became of an earlier one need not be known. */
  async writeBlob(digest: string, size: number, body: () => Buffer | Readable): Promise<void> {
    const started = await this.#ask({ method: 'POST', path: this.#pathOf('blobs/uploads/') });
    const upload = this.#uploadAddress(started);
    const answer = await this.#ask({
      method: 'PUT',
      path: `${upload}${upload.includes('?') ? '&' : '?'}digest=${encodeURIComponent(digest)}`,
      headers: { 'content-type': 'application/octet-stream', 'content-length': String(size) },
      body,
      repeatable: false,
      ...this.#transferLimits(size),
    });
    if (answer.status >= 300) throw this.#failure(`answered ${answer.status} for a blob`, answer.status);
  }

  #openClient(baseUrl: string): ProviderClient {
    const { provider, redactor, timeouts } = this.#settings;
    const { timeoutMs, budgetMs } = timeouts;
    return new ProviderClient({ provider, baseUrl, headers: {}, redactor, timeoutMs, budgetMs });
  }

  #pathOf(rest: string): string {
    return `/v2/${this.#settings.repository}/${rest}`;
  }

  #transferLimits(sizeBytes: number): { readonly timeoutMs: number; readonly budgetMs: number } {
    const { transferMs = 60_000 + sizeBytes / 100, budgetMs = 2 * transferMs } = this.#settings.timeouts;
    return { timeoutMs: transferMs, budgetMs: Math.max(transferMs, budgetMs) };
  }

  /** With the authorization that the registry asks for: what we have, or a token that it sends us to fetch, also anew. */
  async #ask(request: ProviderRequest): Promise<ProviderAnswer> {
    const { signal } = this.#settings;
    const expect = [...(request.expect ?? []), 401];
    const answer = await this.#client.ask({ ...this.#authorized(request), expect, signal });
    if (answer.status !== 401) return answer;
    const offer = readTokenOffer(answer.headers.get('www-authenticate'));
    if (!offer) throw this.#failure('answered 401', 401);
    const authorization = mayHaveKey(this.#registry, offer.realm) ? this.#basic : undefined;
    const token = await fetchToken(this.#openClient(offer.realm.origin), offer, authorization, signal);
    if (token === undefined) throw this.#failure('gave out no token', 401);
    // One that was had without a key is no secret, and there will be many.
    if (authorization !== undefined) this.#settings.redactor.add(new Secret(token));
    this.#authorization = `Bearer ${token}`;
    return this.#client.ask({ ...this.#authorized(request), signal });
  }

  #authorized(request: ProviderRequest): ProviderRequest {
    const elsewhere = !request.path.startsWith('/') && new URL(request.path).origin !== this.#registry.origin;
    if (elsewhere || this.#authorization === undefined) return request;
    return { ...request, headers: { ...request.headers, authorization: this.#authorization } };
  }

  /** Follows to where the registry keeps its blobs, without the authorization. */
  async #askForBlob(request: ProviderRequest): Promise<ProviderAnswer> {
    let answer = await this.#ask(request);
    let address = this.#registry;
    for (let redirects = 0; answer.status >= 300 && answer.status < 400; redirects += 1) {
      address = this.#locationOf(answer, address);
      if (redirects === MOST_REDIRECTS) throw this.#failure('points from one place to another', answer.status);
      const storage = this.#openClient(address.origin);
      answer = await storage.ask({ ...request, path: address.href, signal: this.#settings.signal });
    }
    return answer;
  }

  #uploadAddress(answer: ProviderAnswer): string {
    if (answer.status >= 300) throw this.#failure(`answered ${answer.status} for an upload`, answer.status);
    return this.#locationOf(answer, this.#registry).href;
  }

  #locationOf({ headers, status }: ProviderAnswer, from: URL): URL {
    const address = URL.parse(headers.get('location') ?? 'nowhere:', from.href);
    if (!address || address.protocol === 'nowhere:') throw this.#failure('did not say where to go on', status);
    // Behind a proxy a registry may not know that it is reached by https.
    if (address.host === this.#registry.host) address.protocol = this.#registry.protocol;
    if (isSafeAddress(address)) return address;
    throw this.#failure(`points to ${address.protocol}//${address.host}, which is not encrypted`, status);
  }

  #failure(what: string, status: number): ProviderError {
    const { provider } = this.#settings;
    return new ProviderError(`${provider} ${what}`, { provider, status, mayBeDone: false });
  }
}
