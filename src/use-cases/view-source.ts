import { TurboError } from '../domain/errors.ts';
import type { ProjectRecord } from '../store/projects.ts';
import type { SourceView } from '../turbobackend.ts';
import type { UseCaseParts } from './use-case-parts.ts';

/**
 * What lies at a path of the project's source: only what is listed as source can be read, which secrets and receipts
 * are not. Rejects with `NOT_FOUND`.
 */
export async function viewSource(parts: UseCaseParts, project: ProjectRecord, path: string): Promise<SourceView> {
  // Before its folder was made, looking would make it.
  if (project.sourceDir === '') throw noSource(project, path);
  const { sandboxes } = await parts.portsAt(project.placement);
  const sandbox = await sandboxes.open(project.id);
  const files = await sandbox.listFiles();
  const wanted = path.replace(/^(?:\.?\/)+/, '').replace(/\/+$/, '');
  if (files.includes(wanted)) return { kind: 'file', content: await sandbox.readFile(wanted) };
  const below = wanted === '' || wanted === '.' ? files : files.filter((file) => file.startsWith(`${wanted}/`));
  if (below.length === 0) throw noSource(project, path);
  return { kind: 'folder', files: below };
}

function noSource(project: ProjectRecord, path: string): TurboError {
  if (project.sourceDir === '') {
    return new TurboError('NOT_FOUND', `${project.name} has no source yet`, { fix: 'Wait for its run to end.' });
  }
  return new TurboError('NOT_FOUND', `The source of ${project.name} has no «${path}»`, {
    fix: 'Without a path, every file is listed.',
  });
}
