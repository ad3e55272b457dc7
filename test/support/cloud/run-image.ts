import { chmod, chown, link, lstat, mkdir, readdir, readlink, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync, zstdDecompressSync } from 'node:zlib';
import { extract, type Header } from 'tar-stream';
import { digestOf } from './registry-store.ts';

export interface ImagePlace {
  readonly registryUrl: string;
  /** `Basic …`, sent with each call. */
  readonly authorization?: string;
  readonly repository: string;
  readonly tag: string;
  /** Where it is unpacked: the root of what runs. */
  readonly folder: string;
}

export interface UnpackedImage {
  /** Entrypoint and command. */
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** In the image: `/app`. */
  readonly workingDirectory: string;
  /** As the image names it; undefined is root. */
  readonly user: string | undefined;
}

interface Blob {
  readonly mediaType: string;
  readonly digest: string;
}

interface RunConfig {
  readonly Entrypoint?: readonly string[] | null;
  readonly Cmd?: readonly string[] | null;
  readonly Env?: readonly string[] | null;
  readonly WorkingDir?: string;
  readonly User?: string;
}

/**
 * Pulls an image and unpacks its layers in their order, as what runs containers does: deletions, links, modes and, for
 * root, owners. Rejects when a digest is not that of what came, and for an entry that leads out of the folder.
 */
export async function unpackImage(place: ImagePlace): Promise<UnpackedImage> {
  const manifest = await readJson<{ config: Blob; layers: readonly Blob[] }>(place, `manifests/${place.tag}`);
  const { config, rootfs } = await readJson<{ config: RunConfig; rootfs: { diff_ids: readonly string[] } }>(
    place,
    `blobs/${manifest.config.digest}`,
  );
  await mkdir(place.folder, { recursive: true });
  for (const [index, layer] of manifest.layers.entries()) await unpackLayer(place, layer, rootfs.diff_ids[index]);
  const variables = (config.Env ?? []).map((text) => [text.split('=', 1)[0], text.slice(text.indexOf('=') + 1)]);
  return {
    command: [...(config.Entrypoint ?? []), ...(config.Cmd ?? [])],
    environment: Object.fromEntries(variables) as Record<string, string>,
    workingDirectory: config.WorkingDir ?? '/',
    user: config.User,
  };
}

async function readJson<T>(place: ImagePlace, path: string): Promise<T> {
  const response = await ask(place, path);
  const bytes = Buffer.from(await response.arrayBuffer());
  const digest = path.split('/').at(-1) ?? '';
  if (digest.startsWith('sha256:') && digestOf(bytes) !== digest) throw new Error(`what came is not ${digest}`);
  return JSON.parse(bytes.toString('utf8')) as T;
}

async function ask({ registryUrl, authorization, repository }: ImagePlace, path: string): Promise<Response> {
  const accept =
    'application/vnd.oci.image.manifest.v1+json, application/vnd.docker.distribution.manifest.v2+json, */*';
  const headers = authorization === undefined ? { accept } : { accept, authorization };
  const response = await fetch(`${registryUrl}/v2/${repository}/${path}`, { headers });
  if (!response.ok) throw new Error(`the registry answered ${response.status} for ${path}`);
  return response;
}

async function unpackLayer(place: ImagePlace, { mediaType, digest }: Blob, diffId: string | undefined): Promise<void> {
  const bytes = Buffer.from(await (await ask(place, `blobs/${digest}`)).arrayBuffer());
  if (digestOf(bytes) !== digest) throw new Error(`what came is not ${digest}`);
  const bare = decompress(bytes, mediaType);
  if (digestOf(bare) !== diffId) throw new Error(`the layer ${digest} is not ${diffId}`);
  const entries = extract();
  entries.end(bare);
  const written = new Set<string>();
  for await (const entry of entries) {
    const chunks: Buffer[] = [];
    for await (const chunk of entry) chunks.push(chunk as Buffer);
    await unpackEntry(place.folder, entry.header, Buffer.concat(chunks), written);
  }
}

function decompress(bytes: Buffer, mediaType: string): Buffer {
  if (mediaType.endsWith('gzip')) return gunzipSync(bytes);
  return mediaType.endsWith('zstd') ? zstdDecompressSync(bytes) : bytes;
}

/** `written` are the paths of this layer, which its own deletions do not touch. */
async function unpackEntry(folder: string, header: Header, content: Buffer, written: Set<string>): Promise<void> {
  const path = header.name.replace(/^\.?\//, '').replace(/\/$/, '');
  if (path === '' || path === '.') return;
  const parent = await realFolder(folder, path.split('/').slice(0, -1));
  const name = path.split('/').at(-1) ?? '';
  const target = join(parent, name);
  if (name.startsWith('.wh.')) {
    await applyDeletion(parent, name, written);
    return;
  }
  written.add(target);
  await replace(folder, target, header, content);
  if (header.type === 'symlink' || !(await lstat(target).catch(() => undefined))) return;
  if (process.getuid?.() === 0) await chown(target, header.uid ?? 0, header.gid ?? 0);
  await chmod(target, header.mode ?? 0o644);
}

async function replace(folder: string, target: string, header: Header, content: Buffer): Promise<void> {
  const { type, linkname } = header;
  const there = await lstat(target).catch(() => undefined);
  if (there && !(type === 'directory' && there.isDirectory())) await rm(target, { recursive: true });
  if (type === 'file' || type === 'contiguous-file') await writeFile(target, content);
  else if (type === 'directory') await mkdir(target, { recursive: true });
  else if (type === 'symlink') await symlink(linkname ?? '', target);
  else if (type === 'link') await link(await realPath(folder, linkname ?? ''), target);
}

/** `.wh.name` deletes what a lower layer has under the name, `.wh..wh..opq` all of the folder. */
async function applyDeletion(parent: string, name: string, written: ReadonlySet<string>): Promise<void> {
  const names = name === '.wh..wh..opq' ? await readdir(parent) : [name.slice('.wh.'.length)];
  for (const doomed of names) {
    const target = join(parent, doomed);
    if (![...written].some((path) => path === target || path.startsWith(`${target}/`))) {
      await rm(target, { recursive: true, force: true });
    }
  }
}

async function realPath(folder: string, path: string): Promise<string> {
  const parts = path.replace(/^\.?\//, '').split('/');
  return join(await realFolder(folder, parts.slice(0, -1)), parts.at(-1) ?? '');
}

/** The folder below `folder`, made if need be, links followed as if `folder` were the root. */
async function realFolder(folder: string, parts: readonly string[], links = 0): Promise<string> {
  let spot = folder;
  for (const [index, part] of parts.entries()) {
    if (part === '..' || part === '') throw new Error(`${parts.join('/')} leads out of the image`);
    const next = join(spot, part);
    const there = await lstat(next).catch(() => undefined);
    if (there?.isSymbolicLink()) {
      if (links > 20) throw new Error('too many links');
      const to = await readlink(next);
      const from = to.startsWith('/') ? '' : spot.slice(folder.length);
      const followed = join('/', from, to).split('/').filter(Boolean);
      return realFolder(folder, [...followed, ...parts.slice(index + 1)], links + 1);
    }
    if (!there) await mkdir(next);
    spot = next;
  }
  return spot;
}
