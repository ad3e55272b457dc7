import { readCommit, writeCommit } from 'isomorphic-git';
import { atomicFileSystem as fs } from './atomic-file-system.ts';

/** Who every commit of ours is by, wherever it is published. */
export const AUTHOR = { name: 'TurboBackend', email: 'noreply@turbobackend.invalid', timezoneOffset: 0 };

/** Writes the commit, without a branch for it; resolves to its id. */
export function writeSourceCommit(
  gitdir: string,
  { message, tree, parent }: { readonly message: string; readonly tree: string; readonly parent: string | undefined },
): Promise<string> {
  const author = { ...AUTHOR, timestamp: Math.floor(Date.now() / 1000) };
  return writeCommit({
    fs,
    gitdir,
    commit: {
      message: message.replaceAll('\0', ''),
      tree,
      parent: parent === undefined ? [] : [parent],
      author,
      committer: author,
    },
  });
}

/** The id of the commit's tree. */
export async function treeOf(gitdir: string, commit: string): Promise<string> {
  return (await readCommit({ fs, gitdir, oid: commit })).commit.tree;
}
