import type { Redactor } from '../../domain/redactor.ts';
import type { Secret } from '../../domain/secret.ts';

/** A repository elsewhere, as far as its `main` goes. Ports: `program-remote.ts`, `library-remote.ts`. */
export interface GitRemote {
  /**
   * Brings the newest commit of `main` into the git folder, without its history; undefined when there is none.
   * Rejects with `ProviderError`.
   */
  fetchMain(gitdir: string): Promise<string | undefined>;

  /** Makes the commit, which is in the git folder, the newest of `main`; never by force. Rejects with `ProviderError`. */
  push(gitdir: string, commit: string): Promise<PushOutcome>;
}

export type PushOutcome =
  | { readonly kind: 'pushed' }
  /** `main` is no longer what it was fetched as. */
  | { readonly kind: 'moved' }
  /** The other side does not take it: a rule, a protected branch, a secret among the files. */
  | { readonly kind: 'declined'; readonly lines: string };

/** What a remote is reached with. */
export interface RemoteAccess {
  /** Without credentials. */
  readonly url: string;
  readonly token: Secret;
  readonly redactor: Redactor;
  /** For one fetch, and for one push. */
  readonly transferMs: number;
}

/** The value of the `Authorization` header that GitHub takes a token in. */
export function basicCredentials(token: Secret): string {
  return `Basic ${Buffer.from(`x-access-token:${token.reveal()}`).toString('base64')}`;
}

/** Tells what the other side answered to a push from what it says of one reference: `fetch first`, `hook declined`. */
export function judgeRefusal(reason: string, lines: string): PushOutcome {
  const isMoved = /fetch first|non-fast-forward|not-fast-forward|stale info|cannot lock ref|failed to update ref/i;
  if (isMoved.test(reason)) return { kind: 'moved' };
  return { kind: 'declined', lines: [lines.trim(), reason].filter(Boolean).join('\n') };
}
