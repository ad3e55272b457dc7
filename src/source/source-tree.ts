import { writeBlob, writeTree, type TreeEntry } from 'isomorphic-git';
import { TurboError } from '../domain/errors.ts';
import type { SourceFile } from '../domain/source-file.ts';
import { atomicFileSystem } from './atomic-file-system.ts';

/** Files by name, folders as maps of the same kind. */
type Folder = Map<string, Folder | SourceFile>;

/** Writes the files and their folders as git objects; resolves to the id of the tree. */
export async function writeSourceTree(gitdir: string, files: readonly SourceFile[]): Promise<string> {
  const root: Folder = new Map();
  for (const file of files) putFile(root, file);
  return writeFolder(gitdir, root);
}

function putFile(root: Folder, file: SourceFile): void {
  const parts = file.path.split('/');
  if (parts.some(isRefused)) throw refused(file.path, 'git cannot keep a file of that name');
  const name = parts.pop() as string;
  let folder = root;
  for (const part of parts) {
    const below = folder.get(part) ?? new Map();
    if (!(below instanceof Map)) throw refused(file.path, 'a file stands where it needs a folder');
    folder.set(part, below);
    folder = below;
  }
  if (folder.has(name)) throw refused(file.path, 'there are two of them');
  folder.set(name, file);
}

/** What git itself refuses, since on one system or another it would lead out of the tree or into `.git`. */
function isRefused(part: string): boolean {
  return part === '' || part === '.' || part === '..' || /^(?:\.git|git~1)[. ]*$/i.test(part) || /[\0\\]/.test(part);
}

async function writeFolder(gitdir: string, folder: Folder): Promise<string> {
  const tree: TreeEntry[] = [];
  for (const [path, content] of folder) {
    if (content instanceof Map)
      tree.push({ mode: '040000', path, type: 'tree', oid: await writeFolder(gitdir, content) });
    else tree.push({ mode: '100644', path, type: 'blob', oid: await writeFile(gitdir, content) });
  }
  return writeTree({ fs: atomicFileSystem, gitdir, tree });
}

function writeFile(gitdir: string, file: SourceFile): Promise<string> {
  return writeBlob({ fs: atomicFileSystem, gitdir, blob: Buffer.from(file.content) });
}

function refused(path: string, reason: string): TurboError {
  return new TurboError('PUBLISH_FAILED', `Could not publish ${JSON.stringify(path)}: ${reason}`, { phase: 'publish' });
}
