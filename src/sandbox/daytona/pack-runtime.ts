import { readdir, readFile, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { createGzip, gzip } from 'node:zlib';
import { pack } from 'tar-stream';
import type { BackendRuntime } from '../../machine/backend-runtime.ts';

// It goes over the network once and is thrown away: what smaller takes in time is not won back.
const QUICKLY = { level: 1 };

/** The packages as a tar that begins with `node_modules`, by gzip. */
export async function packPackages({ nodeModules }: BackendRuntime): Promise<Buffer> {
  const archive = pack();
  const packed = buffer(archive.pipe(createGzip(QUICKLY)));
  for (const entry of await readdir(nodeModules, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const { mode } = await stat(path);
    archive.entry(
      { name: join('node_modules', relative(nodeModules, path)), mode: mode | 0o600 },
      await readFile(path),
    );
  }
  archive.finalize();
  return packed;
}

/** The program of Node, by gzip. */
export async function packNode({ nodePath }: BackendRuntime): Promise<Buffer> {
  return promisify(gzip)(await readFile(nodePath), QUICKLY);
}
