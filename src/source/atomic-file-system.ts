import { randomBytes } from 'node:crypto';
import {
  lstat,
  mkdir,
  open,
  readdir,
  readFile,
  readlink,
  rename,
  rm,
  rmdir,
  stat,
  symlink,
  unlink,
} from 'node:fs/promises';
import { dirname, join } from 'node:path';

/**
 * The file system as isomorphic-git wants it, but a file is there whole or not at all: the library takes an object that
 * exists for a good one, so half of one that a crash left would stay in the repository for good.
 */
export const atomicFileSystem = {
  promises: {
    readFile,
    // Git's own name for an object that is being written: a leftover is ignored, and in time removed by its gc.
    writeFile: (file: string, content: string | Uint8Array) =>
      writeWhole(file, content, join(dirname(file), `tmp_obj_${randomBytes(6).toString('hex')}`)),
    unlink,
    readdir,
    mkdir,
    rmdir,
    stat,
    lstat,
    readlink,
    symlink,
  },
};

/** `draft`: what it is called until it is whole, and on disk, so that the same holds when the power fails. */
export async function writeWhole(file: string, content: string | Uint8Array, draft: string): Promise<void> {
  const handle = await open(draft, 'wx', 0o644);
  try {
    await handle.writeFile(content);
    await handle.datasync();
    await rename(draft, file);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  } finally {
    await handle.close();
  }
}
