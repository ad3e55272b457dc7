import type { ProjectId } from '../domain/ids.ts';
import type { SourceFile } from '../domain/source-file.ts';

export interface Artifact {
  /** sha256 of the archive, hex. The same files give the same archive, byte for byte. */
  readonly hash: string;
  /** Where it lies: a path or a URL. */
  readonly location: string;
  readonly sizeBytes: number;
}

/** Keeps archives of what was built, by content. Port: `folder-artifact-store.ts`, `s3-artifact-store.ts`. */
export interface ArtifactStore {
  /**
   * Asks the provider for something that changes nothing; resolves to what it knows us as. Undefined where there is
   * nobody to ask. Rejects as the other methods do when it refuses us or cannot be reached.
   */
  check?(signal?: AbortSignal): Promise<string>;

  /** Stores the files as one gzipped tar; storing the same files again changes nothing. Rejects with `PUBLISH_FAILED`. */
  save(projectId: ProjectId, files: readonly SourceFile[]): Promise<Artifact>;

  /** The files of a stored archive. Rejects with `PUBLISH_FAILED` when it is not there or not whole. */
  load(projectId: ProjectId, hash: string): Promise<readonly SourceFile[]>;

  /** Removes all archives of the project; resolves when there are none. */
  remove(projectId: ProjectId): Promise<void>;

  /** The projects of this installation that have archives, known to us or not. */
  list(): Promise<readonly ProjectId[]>;
}
