import { setTimeout as sleep } from 'node:timers/promises';
import { ProviderError } from '../../cloud/provider-error.ts';
import { TurboError } from '../../domain/errors.ts';
import { treeOf, writeSourceCommit } from '../source-commit.ts';
import type { GitRemote } from './git-remote.ts';

const TRIES = 5;

export interface SourcePush {
  /** Holds the tree. */
  readonly gitdir: string;
  readonly tree: string;
  readonly message: string;
  /** The repository was just made, so that there is nothing to fetch. */
  readonly isNew: boolean;
  readonly retryMs: number;
}

/**
 * Makes the tree the newest of `main`: as a commit on top of what is there, or not at all when it is there already. When
 * somebody else pushes meanwhile, or an answer is lost, what is there is looked at again. Resolves to the commit's id.
 */
export async function pushSource(remote: GitRemote, work: SourcePush): Promise<string> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      const commit = await tryPush(remote, work, attempt);
      if (commit !== undefined) return commit;
      if (attempt === TRIES) throw new TurboError('PUBLISH_FAILED', keptMoving(), { phase: 'publish' });
    } catch (error) {
      if (attempt === TRIES || !isPassing(error, work)) throw error;
    }
    await sleep(work.retryMs * 2 ** (attempt - 1) * (0.5 + Math.random() / 2));
  }
}

/** Undefined when `main` has moved since it was looked at. */
async function tryPush(remote: GitRemote, work: SourcePush, attempt: number): Promise<string | undefined> {
  const { gitdir, tree, message } = work;
  const parent = work.isNew && attempt === 1 ? undefined : await remote.fetchMain(gitdir);
  if (parent !== undefined && (await treeOf(gitdir, parent)) === tree) return parent;
  const commit = await writeSourceCommit(gitdir, { message, tree, parent });
  const outcome = await remote.push(gitdir, commit);
  if (outcome.kind === 'declined') throw declined(outcome.lines);
  return outcome.kind === 'pushed' ? commit : undefined;
}

/** No answer, one that may be better the next time, or a repository that is too new for all of GitHub to know it. */
function isPassing(error: unknown, { isNew }: SourcePush): boolean {
  if (!(error instanceof ProviderError)) return false;
  return error.mayBeDone || error.status === 429 || (error.status === 404 && isNew);
}

function declined(lines: string): TurboError {
  return new TurboError('PUBLISH_FAILED', `GitHub does not take the commit:\n${lines}`, {
    phase: 'publish',
    fix: 'Take out what GitHub names, or change the rule of the repository or its owner that speaks against it.',
  });
}

function keptMoving(): string {
  return `GitHub does not take the commit: somebody else pushed to main each of ${TRIES} times`;
}
