import type { MigrationFile } from '../../changes/changes.ts';
import type { SourceFile } from '../../domain/source-file.ts';
import type { RevisionRecord } from '../../store/project-revisions.ts';
import type { RunPorts } from '../run-context.ts';
import { archiveHash } from './project-state.ts';

/** Every file of a revision's db/migrations; of those that no change made, its source tells. */
export async function migrationsOf(
  { artifacts }: Pick<RunPorts, 'artifacts'>,
  { projectId, artifact, migrations }: RevisionRecord,
): Promise<readonly MigrationFile[]> {
  return migrations.length > 0 ? migrations : migrationsIn(await artifacts.load(projectId, archiveHash(artifact)));
}

/** In the order in which they are run. */
export function migrationsIn(files: readonly SourceFile[]): readonly MigrationFile[] {
  return files
    .filter(({ path }) => /^db\/migrations\/[^/]+\.sql$/.test(path))
    .map(({ path, content }) => ({ name: path.slice('db/migrations/'.length), sql: content }))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
}
