import type { SourceFile } from '../domain/source-file.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';

/** Every source file of the project as it lies in its sandbox, sorted by path. */
export async function readSource(sandbox: Sandbox): Promise<readonly SourceFile[]> {
  return sandbox.readFiles(await sandbox.listFiles());
}
