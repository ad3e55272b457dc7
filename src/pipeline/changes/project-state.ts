import { createHash } from 'node:crypto';
import { mergeSource } from '../../changes/changes.ts';
import { TurboError } from '../../domain/errors.ts';
import type { ProjectId } from '../../domain/ids.ts';
import type { ProvisionedDatabase } from '../../domain/provisioned-database.ts';
import { sourceHash, type SourceFile } from '../../domain/source-file.ts';
import type { RevisionRecord } from '../../store/project-revisions.ts';
import { readSource } from '../read-source.ts';
import type { RunPorts } from '../run-context.ts';

/** A project as it stands: what a change starts from. */
export interface ProjectState {
  readonly revision: RevisionRecord;
  /** As it was published last. */
  readonly published: readonly SourceFile[];
  /** With what people have written since, in the project's folder and in its repository. */
  readonly own: readonly SourceFile[];
  /** What the change builds on: that, or what was given in its place. */
  readonly source: readonly SourceFile[];
  readonly database: ProvisionedDatabase | undefined;
  /** Over all of it: a plan fits the state that it was made for, and no other. */
  readonly hash: string;
}

type Ports = Pick<RunPorts, 'artifacts' | 'cluster' | 'sandboxes' | 'source'>;

export interface StateOf {
  readonly projectId: ProjectId;
  readonly databaseName: string | undefined;
  readonly revision: RevisionRecord;
  /** Source that takes the place of the folder's and the repository's. */
  readonly given?: readonly SourceFile[] | undefined;
}

/** Rejects with `CHANGE_CONFLICT` where folder and repository say different things. */
export async function readProjectState(
  ports: Ports,
  { projectId, databaseName, revision, given }: StateOf,
): Promise<ProjectState> {
  const published = await ports.artifacts.load(projectId, archiveHash(revision.artifact));
  const [own, database] = await Promise.all([
    readOwnSource(ports, projectId, revision, published),
    databaseName === undefined ? undefined : ports.cluster.open(databaseName),
  ]);
  const source = given ?? own;
  const hash = createHash('sha256')
    .update(JSON.stringify([revision.number, sourceHash(source), database?.schema ?? null]))
    .digest('hex');
  return { revision, published, own, source, database, hash };
}

/** The hash in an archive's name. */
export function archiveHash(location: string): string {
  return /[0-9a-f]{64}(?=\.tar\.gz$)/.exec(location)?.[0] ?? '';
}

async function readOwnSource(
  { sandboxes, source }: Ports,
  projectId: ProjectId,
  revision: RevisionRecord,
  published: readonly SourceFile[],
): Promise<readonly SourceFile[]> {
  const [folder, head] = await Promise.all([readFolder(sandboxes, projectId), source.read(projectId)]);
  const edited = folder.length === 0 ? published : folder;
  if (!head || head.commit === revision.commit || sourceHash(head.files) === sourceHash(published)) return edited;
  const { files, conflicts } = mergeSource({ base: published, ours: edited, theirs: head.files });
  if (conflicts.length === 0) return files;
  throw new TurboError(
    'CHANGE_CONFLICT',
    `The project's folder and its repository differ: ${conflicts.map(({ path }) => path).join(', ')}`,
    {
      phase: 'design',
      fix: 'Push what is in the folder, or take over into it what is in the repository.',
    },
  );
}

async function readFolder(sandboxes: Ports['sandboxes'], projectId: ProjectId): Promise<readonly SourceFile[]> {
  return readSource(await sandboxes.open(projectId));
}
