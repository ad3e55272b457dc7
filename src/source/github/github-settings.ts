import type { Redactor } from '../../domain/redactor.ts';
import type { Secret } from '../../domain/secret.ts';

export interface GitHubSettings {
  readonly token: Secret;
  /** The user or the organisation that repositories are made for. Default: the token's user. */
  readonly owner?: string | undefined;
  /** Without a trailing slash: `https://api.github.com`. */
  readonly apiUrl: string;
  readonly installationId: string;
  /** Absolute. Holds a git folder for each push while it goes on; made when it is missing. */
  readonly scratchFolder: string;
  readonly redactor: Redactor;
  readonly timeouts?: GitHubTimeouts | undefined;
  /** The git that pushes; without one of at least 2.32 a library does. Default: `git`. */
  readonly gitProgram?: string | undefined;
}

interface GitHubTimeouts {
  /** For one request of the API. Default: 15 000. */
  readonly requestMs?: number | undefined;
  /** For all tries of one call together, the waits that GitHub asks for among them. Default: 60 000. */
  readonly budgetMs?: number | undefined;
  /** Before the first repetition; later ones wait longer. Default: 1 000. */
  readonly retryMs?: number | undefined;
  /** For one fetch, and for one push. Default: 120 000. */
  readonly transferMs?: number | undefined;
  /** Keeps a second between two changes, as GitHub asks for. Default: true. */
  readonly paced?: boolean | undefined;
}
