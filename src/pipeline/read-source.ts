import type { SourceFile } from '../domain/source-file.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';

/** Every source file of the project as it lies in its sandbox, sorted by path. */
export async function readSource(sandbox: Sandbox): Promise<readonly SourceFile[]> {
  const paths = await sandbox.listFiles();
  return Promise.all(paths.map(async (path) => ({ path, content: await sandbox.readFile(path) })));
}
