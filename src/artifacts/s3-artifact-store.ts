import { isProjectId, type ProjectId } from '../domain/ids.ts';
import type { SourceFile } from '../domain/source-file.ts';
import { archiving, checkedHash, checkedProject, hashOf } from './archive-key.ts';
import type { Artifact, ArtifactStore } from './artifact-store.ts';
import { S3Bucket } from './s3/s3-bucket.ts';
import { failAs, type Explanation } from '../domain/fail-as.ts';
import { explainS3 } from './s3/s3-failure.ts';
import { hostOf, type S3Settings } from './s3/s3-settings.ts';
import { packArchive, unpackArchive } from './source-archive.ts';

/** Nothing that we store comes near it. */
const MOST_BYTES = 80 * 1024 * 1024;

/**
 * Archives as objects of a bucket, `turbobackend/<installation>/projects/<project id>/<sha256>.tar.gz`, so that several
 * installations and other uses can share it. An object is named by its content: storing it twice is storing it once.
 * A bucket that is missing is made, but never at Amazon, where its name, region and rights are for people to choose.
 * Beside `PUBLISH_FAILED` rejects with the codes of a provider that refuses or is away, and `CONFIG_INVALID` for no key.
 */
export class S3ArtifactStore implements ArtifactStore {
  readonly #settings: S3Settings;
  readonly #bucket: S3Bucket;
  readonly #root: string;

  constructor(settings: S3Settings) {
    this.#settings = settings;
    this.#bucket = new S3Bucket(settings);
    this.#root = `turbobackend/${settings.installationId}/projects/`;
  }

  async check(signal?: AbortSignal): Promise<string> {
    const { bucket } = this.#settings;
    return this.#failAs(
      `look into the bucket ${bucket}`,
      async () => {
        const found = await this.#bucket.check(this.#root, signal);
        return `${bucket} at ${hostOf(this.#settings)}${found ? '' : ' (made with the first archive)'}`;
      },
      signal,
    );
  }

  async save(projectId: ProjectId, files: readonly SourceFile[]): Promise<Artifact> {
    const doing = `store the archive of ${projectId}`;
    const archive = await failAs(archiving(doing), () => packArchive(files));
    const hash = hashOf(archive);
    const key = this.#keyOf(projectId, hash);
    const metadata = { project: projectId, installation: this.#settings.installationId, sha256: hash };
    await this.#failAs(doing, async () => {
      if (!(await this.#bucket.holds(key, archive, metadata))) await this.#bucket.put(key, archive, metadata);
    });
    return { hash, location: `s3://${this.#settings.bucket}/${key}`, sizeBytes: archive.length };
  }

  async load(projectId: ProjectId, hash: string): Promise<readonly SourceFile[]> {
    const doing = `read the archive ${hash} of ${projectId}`;
    return this.#failAs(doing, async () => {
      const archive = await this.#bucket.get(this.#keyOf(projectId, checkedHash(hash)), MOST_BYTES);
      if (hashOf(archive) !== hash) throw new Error('its content is not what it was stored as');
      return unpackArchive(archive);
    });
  }

  async remove(projectId: ProjectId): Promise<void> {
    const folder = this.#folderOf(projectId);
    await this.#failAs(`remove the archives of ${projectId}`, async () => {
      for await (const keys of this.#bucket.list(folder)) {
        // One by one: not every server knows the request that removes many.
        for (const key of keys) await this.#bucket.delete(key);
      }
    });
  }

  async list(): Promise<readonly ProjectId[]> {
    const found = new Set<ProjectId>();
    await this.#failAs(`list the archives in the bucket ${this.#settings.bucket}`, async () => {
      for await (const keys of this.#bucket.list(this.#root, { folders: true })) {
        for (const key of keys) {
          const name = key.slice(this.#root.length).split('/')[0] ?? '';
          if (isProjectId(name)) found.add(name);
        }
      }
    });
    return [...found];
  }

  #keyOf(projectId: ProjectId, hash: string): string {
    return `${this.#folderOf(projectId)}${hash}.tar.gz`;
  }

  #folderOf(projectId: ProjectId): string {
    return `${this.#root}${checkedProject(projectId)}/`;
  }

  #failAs<T>(doing: string, work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    const explain = (cause: unknown): Explanation | undefined => explainS3(cause, this.#settings);
    return failAs({ ...archiving(doing), explain, signal }, work);
  }
}
