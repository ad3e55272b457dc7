import { readdir, readFile } from 'node:fs/promises';
import { join, relative, resolve, sep } from 'node:path';
import { TurboError } from '../domain/errors.ts';
import type { SourceFile } from '../domain/source-file.ts';

/** What is made, installed or secret, and so no source. */
const NO_SOURCE: ReadonlySet<string> = new Set([
  'node_modules',
  '.git',
  '.env',
  'receipt',
  '.home',
  '.tmp',
  '.cache',
  'coverage',
]);
const MOST_FILES = 5000;

/** The text files below a folder, by their paths in it. Rejects with `USAGE`. */
export async function readFolder(folder: string): Promise<readonly SourceFile[]> {
  const root = resolve(folder);
  const paths: string[] = [];
  await list(root, paths).catch((cause: NodeJS.ErrnoException) => {
    throw new TurboError(
      'USAGE',
      `Cannot read the folder ${folder}: ${cause.code === 'ENOENT' ? 'it does not exist' : cause.message}`,
      { cause },
    );
  });
  if (!paths.some((path) => relative(root, path) === 'package.json'))
    throw new TurboError('USAGE', `${folder} holds no backend: it has no package.json`);
  return Promise.all(
    paths.map(async (path) => ({
      path: relative(root, path).split(sep).join('/'),
      content: await readFile(path, 'utf8'),
    })),
  );
}

async function list(folder: string, paths: string[]): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (NO_SOURCE.has(entry.name)) continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) await list(path, paths);
    if (entry.isFile()) paths.push(path);
    if (paths.length > MOST_FILES) throw new TurboError('USAGE', `${folder} has more than ${MOST_FILES} files`);
  }
}
