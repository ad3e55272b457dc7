import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { pack } from 'tar-stream';
import { TurboError } from '../../domain/errors.ts';
import { digestOf } from './image-manifest.ts';

/** A file of an image, `path` from its root: `app/src/server.ts`. */
export interface LayerFile {
  readonly path: string;
  readonly content: string | Buffer;
  /** Default: 0o644. */
  readonly mode?: number;
}

export interface PackedLayer {
  readonly gzipped: Buffer;
  /** Of the gzipped bytes, as registries know it. */
  readonly digest: string;
  /** Of the bare ones, as the image's configuration knows it. */
  readonly diffId: string;
}

const LONGEST_PATH = 1024;

/**
 * The files and their folders as one layer, the same bytes for the same files: sorted, of no time, root's, and for every
 * user to read. Rejects with `DEPLOY_FAILED` for a path that leads out of the image or means something else in a layer.
 */
export async function packLayer(files: readonly LayerFile[]): Promise<PackedLayer> {
  const archive = pack();
  const common = { mtime: new Date(0), uid: 0, gid: 0 };
  for (const [path, file] of entriesOf(files)) {
    if (file) archive.entry({ ...common, name: path, mode: file.mode ?? 0o644 }, file.content);
    else archive.entry({ ...common, name: path, type: 'directory', mode: 0o755 });
  }
  archive.finalize();
  const bytes = await collect(archive);
  const gzipped = await promisify(gzip)(bytes, { level: 6 });
  // The header names the system that compressed; 255 stands for an unknown one.
  gzipped[9] = 255;
  return { gzipped, digest: digestOf(gzipped), diffId: digestOf(bytes) };
}

/** Files, and `undefined` for the folders above them, which come before what is in them. */
function entriesOf(files: readonly LayerFile[]): readonly (readonly [string, LayerFile | undefined])[] {
  const entries = new Map<string, LayerFile | undefined>();
  for (const file of files) {
    const parts = checkedPath(file.path).split('/');
    if (entries.has(file.path)) throw unfit(file.path, 'is there twice');
    for (let depth = 1; depth < parts.length; depth += 1) {
      const folder = parts.slice(0, depth).join('/');
      if (entries.get(folder)) throw unfit(folder, 'is a file and a folder');
      entries.set(folder, undefined);
    }
    entries.set(file.path, file);
  }
  return [...entries].toSorted(([a], [b]) => (a < b ? -1 : 1));
}

function checkedPath(path: string): string {
  const parts = path.split('/');
  if (parts.some((part) => part === '' || part === '.' || part === '..') || /[\0\\]/.test(path))
    throw unfit(path, 'leads out of the image');
  // Such a name in a layer deletes a file of the layers below.
  if (parts.some((part) => part.startsWith('.wh.'))) throw unfit(path, 'means a deletion in an image');
  if (Buffer.byteLength(path) > LONGEST_PATH) throw unfit(path, 'is too long for an image');
  return path;
}

function unfit(path: string, why: string): TurboError {
  return new TurboError('DEPLOY_FAILED', `The path ${JSON.stringify(path)} ${why}`, { phase: 'deploy' });
}

async function collect(stream: AsyncIterable<unknown>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
