import type { AccessPlan } from '../domain/access.ts';
import type { SourceFile } from '../domain/source-file.ts';
import { ACCESS_EDITS } from './access-edits.ts';
import { accessSource } from './access-source.ts';
import { editFiles } from './edit-files.ts';
import { staticFiles } from './static-files.ts';

/** The backend's files with accounts: those of `src/auth/`, the table of who may do what, and what both change. */
export async function accessFiles(files: readonly SourceFile[], access: AccessPlan): Promise<readonly SourceFile[]> {
  const added = await staticFiles('access');
  const replaced = new Set(added.map(({ path }) => path));
  return [
    ...editFiles(files, ACCESS_EDITS).filter(({ path }) => !replaced.has(path)),
    ...added,
    { path: 'src/access.ts', content: accessSource(access) },
  ];
}
