import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { TurboError } from '../../domain/errors.ts';
import type { BlobCache } from './blob-cache.ts';
import type { BaseImage } from './compose-image.ts';
import {
  imageConfig,
  imageIndex,
  imageManifest,
  layerType,
  type Descriptor,
  type ImageManifest,
} from './image-manifest.ts';
import type { ImageReference } from './image-reference.ts';
import type { ImageRepository } from './image-repository.ts';

/** What the base image is read from. */
export interface BaseSource {
  readonly repository: ImageRepository;
  readonly reference: ImageReference;
  readonly cache: BlobCache;
  /** What messages call the registry. */
  readonly provider: string;
}

/** The base for Linux on x86-64, without its layers' bytes. Rejects with `DEPLOY_FAILED` and `ProviderError`. */
export async function readBaseImage(source: BaseSource): Promise<BaseImage> {
  const manifest = await readPlatformManifest(source);
  const file = await provideBaseBlob(source, manifest.config);
  const config = parse(imageConfig, await readFile(file), source);
  const { os, architecture, rootfs } = config;
  if (os !== 'linux' || architecture !== 'amd64') throw unfit(source, `is for ${os}/${architecture}`);
  if (rootfs.diff_ids.length !== manifest.layers.length)
    throw unfit(source, 'does not agree with its own configuration');
  return { layers: manifest.layers.map((layer) => ownLayer(layer, source)), config };
}

/** The file of one of the base's blobs, in the cache afterwards. */
export async function provideBaseBlob(source: BaseSource, blob: Descriptor): Promise<string> {
  const { repository, cache, provider } = source;
  return cache.provide(blob.digest, provider, (receive) => repository.readBlob(blob, receive));
}

async function readPlatformManifest(source: BaseSource): Promise<ImageManifest> {
  const found = JSON.parse((await readManifest(source, source.reference.version)).toString('utf8')) as object;
  if (!('manifests' in found)) return check(imageManifest, found, source);
  const { manifests } = check(imageIndex, found, source);
  const ours = manifests.find(({ platform }) => platform?.os === 'linux' && platform.architecture === 'amd64');
  if (!ours) throw unfit(source, 'is not there for linux/amd64');
  return parse(imageManifest, await readManifest(source, ours.digest), source);
}

/** Asks first what a tag stands for, as public registries count how often a manifest is fetched. */
async function readManifest(source: BaseSource, version: string): Promise<Buffer> {
  const { repository, cache } = source;
  const digest = version.startsWith('sha256:') ? version : await repository.digestOfTag(version);
  const kept = digest === undefined ? undefined : await cache.read(digest);
  if (kept) return kept;
  const manifest = await repository.readManifest(digest ?? version);
  if (!manifest) throw missingBase(source.reference);
  await cache.keep(manifest.digest, manifest.bytes);
  return manifest.bytes;
}

function ownLayer(layer: Descriptor, source: BaseSource): Descriptor {
  const mediaType = layerType(layer.mediaType);
  if (mediaType === undefined) throw unfit(source, `has a layer that cannot be copied (${layer.mediaType})`);
  return { ...layer, mediaType };
}

function parse<T>(schema: z.ZodType<T>, bytes: Buffer, source: BaseSource): T {
  return check(schema, JSON.parse(bytes.toString('utf8')), source);
}

function check<T>(schema: z.ZodType<T>, value: unknown, source: BaseSource): T {
  const read = schema.safeParse(value);
  if (!read.success) throw unfit(source, `cannot be read: ${z.prettifyError(read.error)}`);
  return read.data;
}

function unfit({ reference }: BaseSource, why: string): TurboError {
  return new TurboError('DEPLOY_FAILED', `The base image ${nameOf(reference)} ${why}`, {
    phase: 'deploy',
    fix: 'Set FLY_BASE_IMAGE to an image for linux/amd64 with Node 24, such as docker.io/library/node:24-slim.',
  });
}

/** Of an image that is not there, or not for us: registries make no difference. */
export function missingBase(reference: ImageReference, cause?: unknown): TurboError {
  return new TurboError('DEPLOY_FAILED', `There is no public image ${nameOf(reference)} to build on`, {
    cause,
    phase: 'deploy',
    fix: 'Set FLY_BASE_IMAGE to an image that is there, such as docker.io/library/node:24-slim.',
  });
}

function nameOf({ host, repository, version }: ImageReference): string {
  return `${host}/${repository}${version.startsWith('sha256:') ? '@' : ':'}${version}`;
}
