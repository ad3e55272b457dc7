import {
  CONFIG_TYPE,
  digestOf,
  LAYER_TYPE,
  MANIFEST_TYPE,
  type Descriptor,
  type ImageConfig,
} from './image-manifest.ts';
import type { PackedLayer } from './pack-layer.ts';

/** How an image's process is started, in the words of the image's own configuration. */
export interface RunConfig {
  readonly Cmd: readonly string[];
  readonly WorkingDir: string;
  /** `NAME=value` */
  readonly Env: readonly string[];
  readonly User?: string;
  readonly ExposedPorts?: Readonly<Record<string, object>>;
  readonly Labels?: Readonly<Record<string, string>>;
}

export interface BaseImage {
  /** Lowest first, with OCI's media types. */
  readonly layers: readonly Descriptor[];
  readonly config: ImageConfig;
}

export interface ComposedImage {
  readonly config: Buffer;
  readonly manifest: Buffer;
  /** The manifest's, which is the image's. */
  readonly digest: string;
}

// An image of no time has the same digest whenever it is made.
const CREATED = '1970-01-01T00:00:00Z';

/** The base with one layer on top of it; variables, labels and ports are added to the base's, and win by name. */
export function composeImage(base: BaseImage, layer: PackedLayer, run: RunConfig): ComposedImage {
  const config = Buffer.from(JSON.stringify(composeConfig(base.config, layer, run)));
  const manifest = Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: MANIFEST_TYPE,
      config: { mediaType: CONFIG_TYPE, digest: digestOf(config), size: config.length },
      layers: [...base.layers, { mediaType: LAYER_TYPE, digest: layer.digest, size: layer.gzipped.length }],
    }),
  );
  return { config, manifest, digest: digestOf(manifest) };
}

function composeConfig({ architecture, os, config, rootfs, history }: ImageConfig, layer: PackedLayer, run: RunConfig) {
  return {
    created: CREATED,
    architecture,
    os,
    config: {
      ...config,
      ...run,
      User: run.User ?? config?.User ?? undefined,
      Env: mergeVariables(config?.Env ?? [], run.Env),
      ExposedPorts: { ...config?.ExposedPorts, ...run.ExposedPorts },
      Labels: { ...config?.Labels, ...run.Labels },
    },
    rootfs: { type: rootfs.type, diff_ids: [...rootfs.diff_ids, layer.diffId] },
    // One that tells of some of the layers only is refused by those who read it.
    history: history ? [...history, { created: CREATED, created_by: 'turbobackend' }] : undefined,
  };
}

/** The base's in their order, then those it does not have. */
function mergeVariables(base: readonly string[], ours: readonly string[]): readonly string[] {
  const merged = new Map([...base, ...ours].map((text) => [text.split('=', 1)[0], text]));
  return [...merged.values()];
}
