import type { SourceFile } from '../domain/source-file.ts';
import { accessFiles } from './access-files.ts';
import type { BackendBlueprint } from './backend-blueprint.ts';
import { databaseFiles } from './database-backend.ts';
import { endpointFiles } from './endpoint-backend.ts';
import { packageFiles } from './project-files.ts';
import { sharedSource, staticFiles } from './static-files.ts';

export type { BackendBlueprint } from './backend-blueprint.ts';
export { describeApi } from './describe-api.ts';
export type { ResourceApi } from './resource-api.ts';
export { renewReadme } from './renew-readme.ts';
export { isHashed } from './secrecy.ts';
export { secretNotes } from './secret-notes.ts';

/** All files of a complete backend, sorted by path; the same blueprint gives the same bytes. */
export async function scaffoldBackend(blueprint: BackendBlueprint): Promise<readonly SourceFile[]> {
  const files = [...(await backendFiles(blueprint))];
  const lock = files.find(({ path }) => path === 'package-lock.json')?.content ?? '';
  const manifests = packageFiles(blueprint, lock);
  return [...files.filter(({ path }) => path !== 'package-lock.json'), ...manifests].toSorted((a, b) =>
    a.path < b.path ? -1 : 1,
  );
}

/** package.json and package-lock.json of all that backends run, are tested and are checked with. */
export async function runtimePackages(): Promise<readonly SourceFile[]> {
  const files = await staticFiles('database');
  const lock = files.find(({ path }) => path === 'package-lock.json')?.content ?? '';
  const schema = { enums: [], tables: [] };
  return packageFiles(
    { name: 'backend', prompt: 'What backends run with', schema, statements: [], endpoints: [] },
    lock,
  );
}

async function backendFiles(blueprint: BackendBlueprint): Promise<readonly SourceFile[]> {
  const { schema } = blueprint;
  const common = await staticFiles('common');
  if (!schema) {
    const documents = await sharedSource((path) => path.startsWith('src/http/') && !path.endsWith('/operations.ts'));
    return [...common, ...(await staticFiles('stateless')), ...documents, ...endpointFiles(blueprint)];
  }
  const access = blueprint.access?.auth === 'password' ? blueprint.access : undefined;
  const shared = await sharedSource((path) => access !== undefined || !path.startsWith('src/auth/'));
  const files = [...common, ...(await staticFiles('database')), ...shared, ...(await databaseFiles(blueprint, schema))];
  return access ? accessFiles(files, access) : files;
}
