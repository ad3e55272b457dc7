import type { ProjectId } from '../domain/ids.ts';
import type { SourceFile } from '../domain/source-file.ts';

export interface PublishedSource {
  /** Where the repository can be cloned from: a path or a URL. */
  readonly repository: string;
  /** The commit's id, hex. */
  readonly commit: string;
}

export interface SourceHead {
  /** The commit's id, hex. */
  readonly commit: string;
  /** What is text; sorted by path. */
  readonly files: readonly SourceFile[];
}

export interface PublishRequest {
  readonly projectId: ProjectId;
  readonly name: string;
  readonly message: string;
  /** The whole tree: what is not among them is no longer in the commit. */
  readonly files: readonly SourceFile[];
}

/** Keeps a project's source in git. Port: `local-git-host.ts`, `github-host.ts`. */
export interface SourceHost {
  /**
   * Asks the provider for something that changes nothing; resolves to what it knows us as. Undefined where there is
   * nobody to ask. Rejects as the other methods do when it refuses us or cannot be reached.
   */
  check?(signal?: AbortSignal): Promise<string>;

  /**
   * Commits the files on `main`, making the repository on first use. Publishing the tree that `main` already has
   * makes no new commit, so a repeated call changes nothing. Rejects with `PUBLISH_FAILED`.
   */
  publish(request: PublishRequest): Promise<PublishedSource>;

  /** What lies at the head of `main`, whoever put it there; undefined when nothing was published. Rejects with `PUBLISH_FAILED`. */
  read(projectId: ProjectId): Promise<SourceHead | undefined>;

  /** Removes the project's repository; resolves when it is already gone. */
  remove(projectId: ProjectId): Promise<void>;

  /** The projects of this installation that have a repository, known to us or not. */
  list(): Promise<readonly ProjectId[]>;
}
