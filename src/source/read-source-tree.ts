import { readBlob, readTree } from 'isomorphic-git';
import type { SourceFile } from '../domain/source-file.ts';
import { atomicFileSystem as fs } from './atomic-file-system.ts';

/** The files of a commit, sorted by path. What is no text, and links, are left out: no source of ours has any. */
export async function readSourceTree(gitdir: string, commit: string): Promise<readonly SourceFile[]> {
  const files: SourceFile[] = [];
  await readFolder(gitdir, commit, '', files);
  return files.toSorted((a, b) => (a.path < b.path ? -1 : 1));
}

async function readFolder(gitdir: string, oid: string, folder: string, files: SourceFile[]): Promise<void> {
  const { tree } = await readTree({ fs, gitdir, oid });
  for (const entry of tree) {
    const path = folder + entry.path;
    if (entry.type === 'tree') await readFolder(gitdir, entry.oid, `${path}/`, files);
    if (entry.type !== 'blob' || !entry.mode.startsWith('100')) continue;
    const { blob } = await readBlob({ fs, gitdir, oid: entry.oid });
    const content = textOf(blob);
    if (content !== undefined) files.push({ path, content });
  }
}

function textOf(blob: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(blob);
  } catch {
    return undefined;
  }
}
