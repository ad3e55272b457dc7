import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ProviderError } from '../../cloud/provider-error.ts';
import { TurboError } from '../../domain/errors.ts';
import { randomText } from '../../domain/ids.ts';
import { withDeploymentLock } from '../deployment-lock.ts';

/** Brings a blob's bytes, and hands them over as they come; again from the start when it has to. */
export type Download = (receive: (body: ReadableStream<Uint8Array>) => Promise<void>) => Promise<void>;

const KEPT_MS = 30 * 24 * 3_600_000;

/**
 * Blobs by digest in a folder that any number of processes share. A blob is there whole or not at all, and is looked
 * through each time it is asked for. With it, in which repository of a registry a blob was seen.
 */
export class BlobCache {
  readonly #folder: string;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  /** Removes what nobody asked for in a month. Rejects with `DEPLOY_FAILED`. */
  static async open(folder: string): Promise<BlobCache> {
    await mkdir(folder, { recursive: true, mode: 0o700 }).catch((error: unknown) => {
      throw cannotKeep(error);
    });
    const oldest = Date.now() - KEPT_MS;
    for (const name of await readdir(folder)) {
      const file = join(folder, name);
      const found = await stat(file).catch(() => undefined);
      if (found?.isFile() && found.mtimeMs < oldest) await rm(file, { force: true });
    }
    return new BlobCache(folder);
  }

  /**
   * The blob's file, downloaded on first use, once however many ask. Rejects with what the download rejects with, with
   * `ProviderError` when it brings other bytes than the digest's, and with `DEPLOY_FAILED` when they cannot be kept.
   */
  async provide(digest: string, provider: string, download: Download): Promise<string> {
    const file = this.#fileOf(digest);
    if (await isWhole(file, digest)) return file;
    return withDeploymentLock(`${file}.lock`, async () => {
      if (!(await isWhole(file, digest))) await this.#download(file, digest, provider, download);
      return file;
    });
  }

  /** Undefined when it is not there. */
  async read(digest: string): Promise<Buffer | undefined> {
    const file = this.#fileOf(digest);
    return (await isWhole(file, digest)) ? readFile(file) : undefined;
  }

  async keep(digest: string, bytes: Buffer): Promise<void> {
    await this.#replace(this.#fileOf(digest), (draft) => writeFile(draft, bytes));
  }

  /** The repository of that registry in which the blob was last seen. */
  async repositoryWith(digest: string, host: string): Promise<string | undefined> {
    return readFile(this.#noteOf(digest, host), 'utf8').catch(() => undefined);
  }

  async noteRepository(digest: string, host: string, repository: string): Promise<void> {
    await this.#replace(this.#noteOf(digest, host), (draft) => writeFile(draft, repository));
  }

  #fileOf(digest: string): string {
    return join(this.#folder, digest.replace(':', '-'));
  }

  #noteOf(digest: string, host: string): string {
    return `${this.#fileOf(digest)}.at-${encodeURIComponent(host)}`;
  }

  async #download(file: string, digest: string, provider: string, download: Download): Promise<void> {
    await this.#replace(file, (draft) =>
      download(async (body) => {
        const found = await receiveInto(draft, body);
        if (found === digest) return;
        const message = `${provider} sent other bytes than those of ${digest}`;
        throw new ProviderError(message, { provider, status: 200, mayBeDone: false });
      }),
    );
  }

  /** Under another name until it is whole. */
  async #replace(file: string, write: (draft: string) => Promise<void>): Promise<void> {
    const draft = join(this.#folder, `.${randomText(12)}`);
    try {
      await write(draft);
      await rename(draft, file);
    } catch (error) {
      throw (error as NodeJS.ErrnoException).syscall === 'open' ? cannotKeep(error) : error;
    } finally {
      await rm(draft, { force: true });
    }
  }
}

/** Whether the file has the digest's bytes; one that has others is removed. What is used is kept for longer. */
async function isWhole(file: string, digest: string): Promise<boolean> {
  const hash = createHash('sha256');
  try {
    for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
  const whole = `sha256:${hash.digest('hex')}` === digest;
  const now = new Date();
  await (whole ? utimes(file, now, now) : rm(file, { force: true })).catch(() => undefined);
  return whole;
}

/** Resolves to the digest of what came. A full disk is not the registry's fault. */
async function receiveInto(draft: string, body: ReadableStream<Uint8Array>): Promise<string> {
  const hash = createHash('sha256');
  const file = await open(draft, 'w', 0o600);
  try {
    for await (const chunk of body) {
      hash.update(chunk);
      await file.appendFile(chunk).catch((error: unknown) => {
        throw cannotKeep(error);
      });
    }
  } finally {
    await file.close();
  }
  return `sha256:${hash.digest('hex')}`;
}

function cannotKeep(cause: unknown): TurboError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new TurboError('DEPLOY_FAILED', `Could not keep the base image's layers: ${reason}`, {
    cause,
    phase: 'deploy',
    fix: 'Make room on the disk of TURBOBACKEND_HOME, or let us write there, and run it again.',
  });
}
