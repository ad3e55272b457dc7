import { createHash } from 'node:crypto';
import { z } from 'zod';

/** `sha256:` and 64 hex digits; good as a part of a path. */
const digest = z.string().regex(/^sha256:[0-9a-f]{64}$/);

const descriptor = z.object({ mediaType: z.string(), digest, size: z.int().nonnegative() });

/** A blob by what is in it. */
export type Descriptor = z.output<typeof descriptor>;

/** What a registry answers for an image: Docker's and OCI's differ in their media types alone. */
export const imageManifest = z.object({ config: descriptor, layers: z.array(descriptor).max(200) });

/** What it answers for an image of several platforms. */
export const imageIndex = z.object({
  manifests: z.array(
    descriptor.extend({ platform: z.object({ os: z.string(), architecture: z.string() }).partial().optional() }),
  ),
});

const texts = z.array(z.string());

/** How an image is run; what else stands in it is taken over as it is. */
const runConfig = z.looseObject({
  Env: texts.nullish(),
  ExposedPorts: z.record(z.string(), z.object({})).nullish(),
  Labels: z.record(z.string(), z.string()).nullish(),
  User: z.string().nullish(),
});

export const imageConfig = z.object({
  architecture: z.string(),
  os: z.string(),
  config: runConfig.nullish(),
  rootfs: z.object({ type: z.literal('layers'), diff_ids: z.array(digest) }),
  history: z.array(z.looseObject({ empty_layer: z.boolean().optional() })).nullish(),
});

export type ImageManifest = z.output<typeof imageManifest>;
export type ImageConfig = z.output<typeof imageConfig>;

export const MANIFEST_TYPE = 'application/vnd.oci.image.manifest.v1+json';
export const CONFIG_TYPE = 'application/vnd.oci.image.config.v1+json';
export const LAYER_TYPE = 'application/vnd.oci.image.layer.v1.tar+gzip';

/** Every kind of manifest that can be read, for `Accept`. */
export const READABLE_MANIFESTS = [
  MANIFEST_TYPE,
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
].join(', ');

const LAYER_TYPES: Readonly<Record<string, string>> = {
  'application/vnd.docker.image.rootfs.diff.tar': 'application/vnd.oci.image.layer.v1.tar',
  'application/vnd.docker.image.rootfs.diff.tar.gzip': LAYER_TYPE,
  'application/vnd.docker.image.rootfs.diff.tar.zstd': 'application/vnd.oci.image.layer.v1.tar+zstd',
};

/** OCI's word for a layer's type, the bytes being the same; undefined for one that has to be fetched from elsewhere. */
export function layerType(mediaType: string): string | undefined {
  const known = LAYER_TYPES[mediaType] ?? mediaType;
  return /^application\/vnd\.oci\.image\.layer\.v1\.tar(?:\+\w+)?$/.test(known) ? known : undefined;
}

export function digestOf(bytes: Buffer): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}
