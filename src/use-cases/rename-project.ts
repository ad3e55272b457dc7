import { TurboError } from '../domain/errors.ts';
import { isProjectName } from '../domain/project-name.ts';
import { updateProject, type ProjectRecord } from '../store/projects.ts';
import type { ProjectSummary } from '../turbobackend.ts';
import { unusableName } from './submit-run.ts';
import type { UseCaseParts } from './use-case-parts.ts';
import { summarizeProject } from './view-projects.ts';

/** Calls the project something else from now on. A run that is under way goes by the name that it began with. */
export async function renameProject(
  parts: UseCaseParts,
  project: ProjectRecord,
  name: string,
): Promise<ProjectSummary> {
  if (!isProjectName(name)) throw unusableName(name);
  if (project.status !== 'ready') {
    throw new TurboError('PROJECT_BUSY', `${project.name} is being made or removed, and keeps its name meanwhile`, {
      fix: 'Wait for its run to end.',
    });
  }
  return summarizeProject(parts, await updateProject(parts.pool, project.id, { name }));
}
