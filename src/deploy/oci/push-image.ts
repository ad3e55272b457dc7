import { createReadStream } from 'node:fs';
import { explainProvider, ProviderError } from '../../cloud/provider-error.ts';
import { failureOf, type Explanation } from '../../domain/fail-as.ts';
import type { Redactor } from '../../domain/redactor.ts';
import type { Secret } from '../../domain/secret.ts';
import { missingBase, provideBaseBlob, readBaseImage, type BaseSource } from './base-image.ts';
import { BlobCache } from './blob-cache.ts';
import { composeImage, type BaseImage, type ComposedImage, type RunConfig } from './compose-image.ts';
import { digestOf } from './image-manifest.ts';
import { parseImageReference } from './image-reference.ts';
import { ImageRepository, type RegistryTimeouts } from './image-repository.ts';
import { packLayer, type LayerFile, type PackedLayer } from './pack-layer.ts';
import { transferBlobs, type NeededBlob } from './transfer-blobs.ts';

export type { RunConfig } from './compose-image.ts';
export type { LayerFile } from './pack-layer.ts';

export interface ImageOrder {
  /** `docker.io/library/node:24-slim`, `host:port/repository:tag` or `host/repository@sha256:…`; for linux/amd64. */
  readonly base: string;
  readonly registry: { readonly url: string; readonly user: string; readonly password: Secret };
  readonly repository: string;
  readonly tag: string;
  /** One layer on top of the base. */
  readonly files: readonly LayerFile[];
  readonly config: RunConfig;
  /** Keeps the base's blobs between deployments; any number of processes may share it. */
  readonly cacheFolder: string;
  readonly redactor: Redactor;
  readonly signal?: AbortSignal | undefined;
  readonly timeouts?: RegistryTimeouts | undefined;
}

export interface PushedImage {
  /** `host/repository:tag` */
  readonly reference: string;
  readonly digest: string;
  /** 0 when the tag had this image already. */
  readonly uploadedBytes: number;
}

const TARGET = "Fly.io's registry";
const AGAIN = 'Run it again; if it stays so, set FLY_BASE_IMAGE to another image, or to a copy elsewhere.';
// `doctor` does not ask where the base comes from.
const AWAY = 'Check the network; where that registry is out of reach, set FLY_BASE_IMAGE to a copy elsewhere.';

/**
 * Makes an image and pushes it, over HTTP alone: the same order gives the same digest, and may be repeated after any
 * failure. Rejects with `DEPLOY_FAILED`, `PROVIDER_KEY_REFUSED`, `PROVIDER_REFUSED` and `PROVIDER_UNAVAILABLE`, and with
 * the signal's reason.
 */
export async function pushImage(order: ImageOrder): Promise<PushedImage> {
  const target = openRepository(order, TARGET, order.registry.url, order.repository, true);
  const layer = await packLayer(order.files);
  const source = await openBase(order);
  const base = await readBaseImage(source).catch((error: unknown) => failBase(order, error));
  const image = composeImage(base, layer, order.config);
  const uploadedBytes = await bringImage(order, { target, source, base, layer, image });
  return { reference: `${target.host}/${order.repository}:${order.tag}`, digest: image.digest, uploadedBytes };
}

interface Push {
  readonly target: ImageRepository;
  readonly source: BaseSource;
  readonly base: BaseImage;
  readonly layer: PackedLayer;
  readonly image: ComposedImage;
}

async function openBase(order: ImageOrder): Promise<BaseSource> {
  const reference = parseImageReference(order.base);
  const provider = reference.host === 'docker.io' ? 'Docker Hub' : reference.host;
  const own = new URL(reference.registryUrl).origin === new URL(order.registry.url).origin;
  const repository = openRepository(order, provider, reference.registryUrl, reference.repository, own);
  return { repository, reference, provider, cache: await BlobCache.open(order.cacheFolder) };
}

function openRepository(
  { registry, redactor, signal, timeouts = {} }: ImageOrder,
  provider: string,
  registryUrl: string,
  repository: string,
  withKey: boolean,
): ImageRepository {
  const key = withKey ? registry : undefined;
  return new ImageRepository({ provider, registryUrl, repository, key, redactor, signal, timeouts });
}

/** Resolves to how many bytes were sent. The manifest comes last: a tag never stands for what is not there. */
async function bringImage(order: ImageOrder, push: Push): Promise<number> {
  const { target, image } = push;
  try {
    if ((await target.readManifest(order.tag))?.digest === image.digest) return 0;
    const sentBytes = await transferBlobs(target, await neededBlobs(order, push), order.signal);
    await target.writeManifest(order.tag, image.manifest);
    // It is pushed, whether or not that can be written down.
    await rememberBlobs(push).catch(() => undefined);
    return sentBytes + image.manifest.length;
  } catch (error) {
    return failPush(order, error);
  }
}

async function neededBlobs(order: ImageOrder, push: Push): Promise<readonly NeededBlob[]> {
  const { base, layer, image } = push;
  const layers = new Map(base.layers.map((blob) => [blob.digest, blob]));
  const ofBase = [...layers.values()].map(async (blob) => ({
    ...blob,
    mountFrom: await mountSource(blob.digest, push),
    open: async () => {
      const file = await provideBaseBlob(push.source, blob).catch((error: unknown) => failBase(order, error));
      // Not as a Blob, which `fetch` reads faster than it sends.
      return () => createReadStream(file);
    },
  }));
  return [ownBlob(layer.gzipped), ownBlob(image.config), ...(await Promise.all(ofBase))];
}

function ownBlob(bytes: Buffer): NeededBlob {
  return {
    digest: digestOf(bytes),
    size: bytes.length,
    mountFrom: undefined,
    open: () => Promise.resolve(() => bytes),
  };
}

/** The base's repository when it is in the same registry, else the one where an earlier push brought the blob. */
async function mountSource(digest: string, { target, source }: Push): Promise<string | undefined> {
  const { repository, cache } = source;
  const from = repository.host === target.host ? repository.name : await cache.repositoryWith(digest, target.host);
  return from === target.name ? undefined : from;
}

async function rememberBlobs({ target, source, base }: Push): Promise<void> {
  if (source.repository.host === target.host) return;
  for (const { digest } of base.layers) await source.cache.noteRepository(digest, target.host, target.name);
}

function failBase({ base, signal }: ImageOrder, error: unknown): never {
  signal?.throwIfAborted();
  // Docker Hub answers for what is not there as for what is not public.
  if (error instanceof ProviderError && [401, 403, 404].includes(error.status ?? 0))
    throw missingBase(parseImageReference(base), error);
  const variables = { keyVariable: 'FLY_BASE_IMAGE', urlVariable: 'FLY_BASE_IMAGE' };
  const explain = (cause: unknown): Explanation | undefined => {
    const isAway = cause instanceof ProviderError && cause.status === undefined;
    return { ...explainProvider(cause, variables), ...(isAway && { fix: AWAY }) };
  };
  const doing = `read the base image ${base}`;
  throw failureOf({ code: 'DEPLOY_FAILED', phase: 'deploy', doing, fix: AGAIN, explain }, error);
}

function failPush({ repository, signal }: ImageOrder, error: unknown): never {
  signal?.throwIfAborted();
  const variables = { keyVariable: 'FLY_API_TOKEN', urlVariable: 'FLY_REGISTRY_URL' };
  const later = `The registry does not know ${repository} yet: run it again in a minute.`;
  const explain = (cause: unknown): Explanation | undefined => {
    const isMissing = cause instanceof ProviderError && cause.status === 404;
    return { ...explainProvider(cause, variables), ...(isMissing && { fix: later }) };
  };
  const doing = `push the image of ${repository}`;
  throw failureOf({ code: 'DEPLOY_FAILED', phase: 'deploy', doing, fix: 'Run it again.', explain }, error);
}
