import { dirname } from 'node:path';
import { endSandboxSessions } from '../store/container-sessions.ts';
import { recordAction } from '../store/project-actions.ts';
import { listHalfRemoved, type ProjectRecord, updateProject } from '../store/projects.ts';
import { listRunsOf } from '../store/runs.ts';
import type { UseCaseParts } from './use-case-parts.ts';

/**
 * Removes everything that a project is, each part resolving when it is already gone, so that a removal that was cut
 * short can be repeated. The project's runs stay as history. Resolves to what was removed, a line each.
 */
export async function removeProject(parts: UseCaseParts, project: ProjectRecord): Promise<readonly string[]> {
  const { pool, ports } = parts;
  const at = await parts.portsAt(project.placement);
  await endRuns(parts, project);
  await updateProject(pool, project.id, { status: 'deleting' });

  const removed: string[] = [];
  const remove = async (what: string, there: boolean, work: () => Promise<void>): Promise<void> => {
    await work();
    if (there) removed.push(what);
  };
  await remove(`deployment at ${project.url}`, project.url !== '', () => at.deploy.remove(project.id));
  await remove(
    `database ${project.databaseName}, its roles and copies`,
    project.databaseName !== undefined,
    async () => {
      if (project.databaseName !== undefined) await ports.cluster.drop(project.databaseName);
    },
  );
  await remove(`files in ${project.sourceDir}`, project.sourceDir !== '', () => at.sandboxes.remove(project.id));
  await remove(`repository ${project.repository}`, project.repository !== '', () => at.source.remove(project.id));
  await remove(`archives in ${dirname(project.artifact)}`, project.artifact !== '', () =>
    at.artifacts.remove(project.id),
  );

  await parts.secrets.forget(project.id);
  await endSandboxSessions(pool, project.id);
  await recordAction(pool, { projectId: project.id, action: 'deleted' });
  await updateProject(pool, project.id, { status: 'deleted', databaseName: undefined });
  return removed;
}

/** Ends the removals that a crash cut short, whosever they are; one that fails keeps no other from its end. */
export async function finishRemovals(parts: UseCaseParts): Promise<void> {
  for (const project of await listHalfRemoved(parts.pool)) await removeProject(parts, project).catch(() => undefined);
}

/** A run that is still under way is cancelled first, and undoes what it made. */
async function endRuns(parts: UseCaseParts, project: ProjectRecord): Promise<void> {
  const runs = await listRunsOf(parts.pool, project.id);
  for (const run of runs.filter(({ endedAt }) => endedAt === undefined)) {
    const engine = await parts.engine();
    await engine.cancel(run.id);
    await engine.ended(run.id);
  }
}
