import { readdir, readFile } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { SourceFile } from '../domain/source-file.ts';

/** A folder of files that every backend of a kind gets as they are. */
export type StaticFolder = 'common' | 'database' | 'access' | 'stateless';

// Both are reached the same way from the sources and from what is built of them.
const TEMPLATES = fileURLToPath(new URL('../../template/', import.meta.url));
const OWN_CODE = fileURLToPath(new URL('../../src/scaffold/backend/', import.meta.url));

export function staticFiles(folder: StaticFolder): Promise<readonly SourceFile[]> {
  return filesIn(join(TEMPLATES, folder), '');
}

/** The part of a backend's source that the scaffold itself runs, so that both agree about schemas and documents. */
export async function sharedSource(isWanted: (path: string) => boolean): Promise<readonly SourceFile[]> {
  const files = await filesIn(OWN_CODE, 'src/');
  return files.filter(({ path }) => !path.endsWith('.test.ts') && isWanted(path));
}

async function filesIn(folder: string, prefix: string): Promise<readonly SourceFile[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return Promise.all(
    paths.map(async (path) => ({
      path: prefix + targetPath(path.slice(folder.length).split(sep).join('/').replace(/^\//, '')),
      content: await readFile(path, 'utf8'),
    })),
  );
}

/** npm leaves a `.gitignore` out of what it publishes, so ours are kept as `_gitignore`. */
function targetPath(path: string): string {
  return path.replace(/(^|\/)_(gitignore|dockerignore|env\.example)$/, '$1.$2');
}
