import { createHash } from 'node:crypto';

/** A text file of a backend, `path` relative to its folder with forward slashes. */
export interface SourceFile {
  readonly path: string;
  readonly content: string;
}

/** sha256 (hex) over every file's path and content, whatever order they come in. */
export function sourceHash(files: readonly SourceFile[]): string {
  const hash = createHash('sha256');
  for (const file of files.toSorted((a, b) => (a.path < b.path ? -1 : 1))) {
    // Lengths first, so that no two different trees can spell the same bytes.
    hash.update(`${Buffer.byteLength(file.path)}:${file.path}${Buffer.byteLength(file.content)}:${file.content}`);
  }
  return hash.digest('hex');
}
