import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { extract, pack } from 'tar-stream';
import type { SourceFile } from '../domain/source-file.ts';

const MOST_FILES = 5000;
const MOST_BYTES = 64 * 1024 * 1024;

/**
 * The files as one gzipped tar. Nothing of the moment or the machine goes in: no time, no owner, no order but the
 * paths'. (Only another build of zlib may compress the same bytes differently.) Throws an `Error` for too much or a
 * path that leads out of the folder it would be unpacked in.
 */
export async function packArchive(files: readonly SourceFile[]): Promise<Buffer> {
  if (files.length > MOST_FILES) throw new Error(`more than ${MOST_FILES} files`);
  const archive = pack();
  let sizeBytes = 0;
  for (const { path, content } of files.toSorted((a, b) => (a.path < b.path ? -1 : 1))) {
    sizeBytes += Buffer.byteLength(content);
    if (sizeBytes > MOST_BYTES) throw new Error(`more than ${MOST_BYTES} bytes`);
    archive.entry({ name: checkedPath(path), mode: 0o644, mtime: new Date(0), uid: 0, gid: 0 }, content);
  }
  archive.finalize();
  const compressed = await promisify(gzip)(await collect(archive), { level: 9 });
  // The header names the system that compressed; 255 stands for an unknown one.
  compressed[9] = 255;
  return compressed;
}

/** Throws an `Error` for what is not such an archive: other entries than files, too much, paths that lead out. */
export async function unpackArchive(archive: Buffer): Promise<readonly SourceFile[]> {
  const entries = extract();
  // Room for the tar's own headers, which are at most as long as two blocks and a path for each file.
  entries.end(await promisify(gunzip)(archive, { maxOutputLength: MOST_BYTES * 2 }));
  const files: SourceFile[] = [];
  for await (const entry of entries) {
    const { name, type } = entry.header;
    if (type !== 'file') throw new Error(`${name} is not a file`);
    if (files.length === MOST_FILES) throw new Error(`more than ${MOST_FILES} files`);
    files.push({ path: checkedPath(name), content: (await collect(entry)).toString() });
  }
  return files;
}

async function collect(stream: AsyncIterable<unknown>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function checkedPath(path: string): string {
  const parts = path.split('/');
  if (parts.every((part) => part !== '' && part !== '.' && part !== '..') && !/[\0\\]/.test(path)) return path;
  throw new Error(`the path ${JSON.stringify(path)} leads out of the archive`);
}
