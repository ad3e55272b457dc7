import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { TurboError } from '../domain/errors.ts';
import type { SourceFile } from '../domain/source-file.ts';
import { readSource } from '../pipeline/read-source.ts';
import type { ProjectRecord } from '../store/projects.ts';
import type { UseCaseParts } from './use-case-parts.ts';

/** Writes the project's source into a folder that must not exist or be empty. Rejects with `USAGE`. Resolves to the file count. */
export async function exportProject(parts: UseCaseParts, project: ProjectRecord, directory: string): Promise<number> {
  const target = resolve(directory);
  await requireEmpty(target);
  const files = await readProject(parts, project);
  for (const { path, content } of files) {
    const file = join(target, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, content);
  }
  return files.length;
}

/** From the sandbox, or, when that was removed behind our back, from the archive of what was deployed. */
async function readProject(parts: UseCaseParts, project: ProjectRecord): Promise<readonly SourceFile[]> {
  const { sandboxes, artifacts } = await parts.portsAt(project.placement);
  const files = await readSource(await sandboxes.open(project.id));
  const [hash] = /[0-9a-f]{64}(?=\.tar\.gz$)/.exec(project.artifact) ?? [];
  return files.length > 0 || hash === undefined ? files : artifacts.load(project.id, hash);
}

async function requireEmpty(directory: string): Promise<void> {
  const entries = await readdir(directory).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw new TurboError('USAGE', `Cannot export to ${directory}: ${error.message}`, { cause: error });
  });
  if (entries.length === 0) return;
  throw new TurboError('USAGE', `${directory} is not empty`, { fix: 'Name a folder that does not exist yet.' });
}
