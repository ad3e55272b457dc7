import { execFileSync } from 'node:child_process';
import { readFileSync, realpathSync } from 'node:fs';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { pack, type Header } from 'tar-stream';
import { digestOf, type RegistryStore } from './registry-store.ts';

/** An entry of a layer, as tar knows it; a string is a file's content. */
export type LayerEntry = Partial<Header> & { readonly name: string; readonly content?: string | Buffer };

export interface TestImage {
  readonly repository: string;
  readonly tag: string;
  readonly layers: readonly (readonly LayerEntry[])[];
  /** The image's `config`: Env, Cmd, Entrypoint, User … */
  readonly config?: Readonly<Record<string, unknown>>;
  readonly compression?: 'gzip' | 'zstd' | 'none';
  /** In the words of Docker, not of OCI. */
  readonly docker?: boolean;
  /** Behind an index, beside images of other platforms. */
  readonly index?: boolean;
  readonly architecture?: string;
}

/** Puts an image into a registry as if it had been pushed; resolves to what its tag stands for. */
export async function addImage(store: RegistryStore, image: TestImage): Promise<string> {
  const { repository, tag, docker = false, compression = 'gzip', architecture = 'amd64' } = image;
  const archives = await Promise.all(image.layers.map(archiveOf));
  const types = docker ? DOCKER : OCI;
  const layers = archives.map((archive) => {
    const bytes = COMPRESS[compression](archive);
    const digest = store.addBlob(repository, bytes);
    return { mediaType: types.layer[compression], digest, size: bytes.length };
  });
  const config = Buffer.from(
    JSON.stringify({
      created: '2026-01-01T00:00:00Z',
      architecture,
      os: 'linux',
      config: image.config ?? {},
      rootfs: { type: 'layers', diff_ids: archives.map(digestOf) },
      history: [{ created_by: 'ENV X=1', empty_layer: true }, ...archives.map(() => ({ created_by: 'ADD' }))],
    }),
  );
  const manifest = {
    schemaVersion: 2,
    mediaType: types.manifest,
    config: { mediaType: types.config, digest: store.addBlob(repository, config), size: config.length },
    layers,
  };
  const digest = addManifest(store, repository, types.manifest, manifest);
  const top = image.index ? addIndex(store, repository, digest, types) : digest;
  store.repository(repository).tags.set(tag, top);
  return top;
}

/** This machine's Node and what it is linked with, as a layer: enough to run JavaScript in a folder of its own. */
export function nodeLayer(): readonly LayerEntry[] {
  const node = realpathSync(process.execPath);
  const linked = process.platform === 'linux' ? execFileSync('/usr/bin/ldd', [node], { encoding: 'utf8' }) : '';
  const libraries = [...linked.matchAll(/(\/\S+) \(0x/g)];
  const files = [['/usr/local/bin/node', node], ...libraries.map(([, path = '']) => [path, path])];
  return files.map(([path = '', source = '']) => ({
    name: path.slice(1),
    mode: 0o755,
    content: readFileSync(source),
  }));
}

function addIndex(store: RegistryStore, repository: string, digest: string, types: typeof OCI): string {
  const size = store.repository(repository).manifests.get(digest)?.bytes.length;
  const other = addManifest(store, repository, types.manifest, { schemaVersion: 2, mediaType: types.manifest });
  const one = { mediaType: types.manifest, size };
  return addManifest(store, repository, types.index, {
    schemaVersion: 2,
    mediaType: types.index,
    manifests: [
      { ...one, digest: other, platform: { os: 'linux', architecture: 'arm64', variant: 'v8' } },
      { ...one, digest, platform: { os: 'linux', architecture: 'amd64' } },
      { ...one, digest: other, platform: { os: 'unknown', architecture: 'unknown' } },
    ],
  });
}

function addManifest(store: RegistryStore, repository: string, mediaType: string, content: object): string {
  const bytes = Buffer.from(JSON.stringify(content));
  const digest = digestOf(bytes);
  store.repository(repository).manifests.set(digest, { mediaType, bytes });
  return digest;
}

async function archiveOf(entries: readonly LayerEntry[]): Promise<Buffer> {
  const archive = pack();
  for (const { content, ...header } of entries) {
    const entry = { mtime: new Date(0), ...header };
    if (content === undefined) archive.entry(entry);
    else archive.entry(entry, content);
  }
  archive.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of archive) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

const COMPRESS = {
  gzip: (bytes: Buffer): Buffer => gzipSync(bytes, { level: 1 }),
  zstd: (bytes: Buffer): Buffer => zstdCompressSync(bytes),
  none: (bytes: Buffer): Buffer => bytes,
};

const OCI = {
  index: 'application/vnd.oci.image.index.v1+json',
  manifest: 'application/vnd.oci.image.manifest.v1+json',
  config: 'application/vnd.oci.image.config.v1+json',
  layer: {
    gzip: 'application/vnd.oci.image.layer.v1.tar+gzip',
    zstd: 'application/vnd.oci.image.layer.v1.tar+zstd',
    none: 'application/vnd.oci.image.layer.v1.tar',
  },
};

const DOCKER: typeof OCI = {
  index: 'application/vnd.docker.distribution.manifest.list.v2+json',
  manifest: 'application/vnd.docker.distribution.manifest.v2+json',
  config: 'application/vnd.docker.container.image.v1+json',
  layer: {
    gzip: 'application/vnd.docker.image.rootfs.diff.tar.gzip',
    zstd: 'application/vnd.docker.image.rootfs.diff.tar.zstd',
    none: 'application/vnd.docker.image.rootfs.diff.tar',
  },
};
