import { createHash } from 'node:crypto';
import type { ListObjectsV2CommandOutput, PutObjectCommandInput, S3 } from '@aws-sdk/client-s3';
import { ProviderError } from '../../cloud/provider-error.ts';
import { openS3Client } from './s3-client.ts';
import { toProviderError } from './s3-failure.ts';
import { isAmazon, type S3Settings } from './s3-settings.ts';

const BUDGET_MS = 180_000;
const TRIES = 3;

/** It did not arrive as it was sent. */
const DAMAGED = ['BadDigest', 'XAmzContentSHA256Mismatch', 'InvalidDigest', 'IncompleteBody'];

/** The server has trouble of its own, which it told at every try. */
const AWAY = [500, 502, 503, 504];

/** The server encrypts nothing, or only with a key of the bucket's own. */
const ENCRYPTION_REFUSED = ['NotImplemented', 'AccessDenied', 'InvalidArgument', 'InvalidRequest'];

/** One bucket, asked through the SDK, which is loaded with the first request. Rejects with `ProviderError` or `TurboError`. */
export class S3Bucket {
  readonly #settings: S3Settings;
  #client: Promise<S3> | undefined;

  constructor(settings: S3Settings) {
    this.#settings = settings;
  }

  /** Whether the object is there with this content, as far as can be seen from outside. */
  async holds(key: string, content: Buffer, metadata: Readonly<Record<string, string>>): Promise<boolean> {
    try {
      const found = await this.#ask((s3, options) =>
        s3.headObject({ Bucket: this.#settings.bucket, Key: key }, options),
      );
      const md5 = createHash('md5').update(content).digest('hex');
      const same = Object.entries(metadata).every(([name, value]) => found.Metadata?.[name] === value);
      return same && found.ContentLength === content.length && found.ETag?.replaceAll('"', '') === md5;
    } catch (error) {
      // Not there, or nothing that we may ask: storing it tells.
      if (isRefusal(error)) return false;
      throw error;
    }
  }

  /** Stores the object; makes the bucket first where it is missing and the server is not Amazon's. */
  async put(key: string, content: Buffer, metadata: Readonly<Record<string, string>>): Promise<void> {
    let encrypted = isAmazon(this.#settings);
    for (let attempt = 1; ; attempt += 1) {
      try {
        await this.#put(key, content, metadata, encrypted);
        return;
      } catch (error) {
        const code = error instanceof ProviderError ? (error.code ?? '') : '';
        if (encrypted && ENCRYPTION_REFUSED.includes(code)) encrypted = false;
        else if (attempt === TRIES) throw error;
        else if (code === 'NoSuchBucket' && !isAmazon(this.#settings)) await this.#makeBucket();
        else if (!DAMAGED.includes(code)) throw error;
      }
    }
  }

  /** The object's content, also when a connection breaks in the midst of it. */
  async get(key: string, mostBytes: number): Promise<Buffer> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.#ask(async (s3, options) => {
          const { Body, ContentLength = 0 } = await s3.getObject({ Bucket: this.#settings.bucket, Key: key }, options);
          if (ContentLength > mostBytes) throw refusal(200, `with more than ${mostBytes} bytes`);
          return Buffer.from((await Body?.transformToByteArray()) ?? []);
        });
      } catch (error) {
        const broken = error instanceof ProviderError && error.status === undefined;
        if (!broken || attempt === TRIES) throw error;
      }
    }
  }

  /** Removes the object; resolves when there is none, nor a bucket. */
  async delete(key: string): Promise<void> {
    await orNothing(this.#ask((s3, options) => s3.deleteObject({ Bucket: this.#settings.bucket, Key: key }, options)));
  }

  /** The keys that begin with `prefix`, page by page; `folders`: of those with a further slash only what is up to it. */
  async *list(prefix: string, { folders = false } = {}): AsyncGenerator<readonly string[]> {
    let token: string | undefined;
    do {
      const page: ListObjectsV2CommandOutput | undefined = await orNothing(this.#listPage(prefix, folders, token));
      const keys = [
        ...(page?.CommonPrefixes ?? []).map(({ Prefix }) => Prefix),
        ...(page?.Contents ?? []).map(({ Key }) => Key),
      ];
      yield keys.filter((key) => key !== undefined);
      token = page?.IsTruncated === true ? page.NextContinuationToken : undefined;
    } while (token !== undefined);
  }

  /** Whether the bucket is there; false only where `put` would make it. Rejects when we may not ask, with the reason. */
  async check(prefix: string, signal: AbortSignal | undefined): Promise<boolean> {
    const { bucket } = this.#settings;
    try {
      await this.#ask((s3, options) => s3.headBucket({ Bucket: bucket }, options), signal);
      return true;
    } catch (error) {
      if (!isRefusal(error)) throw error;
      if (error.status === 404 && !isAmazon(this.#settings)) return false;
      // The answer to HEAD gives no reason; one with a body does. Who may list nothing but our folder gets in by it, too.
      await this.#listPage(prefix, true, undefined, signal);
      return true;
    }
  }

  #put(key: string, content: Buffer, metadata: Readonly<Record<string, string>>, encrypted: boolean): Promise<unknown> {
    const object: PutObjectCommandInput = {
      Bucket: this.#settings.bucket,
      Key: key,
      // Not a stream: that would be sent in a framing which some servers store as content.
      Body: content,
      ContentType: 'application/gzip',
      Metadata: { ...metadata },
      ...(encrypted && { ServerSideEncryption: 'AES256' }),
    };
    return this.#ask((s3, options) => s3.putObject(object, options));
  }

  #listPage(
    prefix: string,
    folders: boolean,
    token: string | undefined,
    signal?: AbortSignal,
  ): Promise<ListObjectsV2CommandOutput> {
    const wish = {
      Bucket: this.#settings.bucket,
      Prefix: prefix,
      ...(folders && { Delimiter: '/' }),
      ...(token !== undefined && { ContinuationToken: token }),
    };
    return this.#ask((s3, options) => s3.listObjectsV2(wish, options), signal);
  }

  async #makeBucket(): Promise<void> {
    try {
      await this.#ask((s3, options) => s3.createBucket({ Bucket: this.#settings.bucket }, options));
    } catch (error) {
      // Somebody was quicker; whether we may use it is told by the next request.
      const code = error instanceof ProviderError ? error.code : undefined;
      if (code !== 'BucketAlreadyOwnedByYou' && code !== 'BucketAlreadyExists') throw error;
    }
  }

  /** One request with its repetitions, which the SDK does; within the budget. Rejects with the signal's reason. */
  async #ask<T>(
    request: (s3: S3, options: { abortSignal: AbortSignal }) => Promise<T>,
    signal?: AbortSignal,
  ): Promise<T> {
    signal?.throwIfAborted();
    const budget = AbortSignal.timeout(this.#settings.budgetMs ?? BUDGET_MS);
    try {
      const s3 = await this.#open();
      return await request(s3, { abortSignal: signal ? AbortSignal.any([signal, budget]) : budget });
    } catch (error) {
      signal?.throwIfAborted();
      throw toProviderError(error, this.#settings);
    }
  }

  async #open(): Promise<S3> {
    this.#client ??= openS3Client(this.#settings);
    try {
      return await this.#client;
    } catch (error) {
      // A key may come to be there later.
      this.#client = undefined;
      throw error;
    }
  }
}

function isRefusal(error: unknown): error is ProviderError {
  return error instanceof ProviderError && error.status !== undefined && !AWAY.includes(error.status);
}

function refusal(status: number, what: string): ProviderError {
  return new ProviderError(`S3 answered ${what}`, { provider: 'S3', status, mayBeDone: false });
}

/** Undefined for what is not there. */
async function orNothing<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof ProviderError && error.status === 404) return undefined;
    throw error;
  }
}
