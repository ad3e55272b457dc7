import type { SourceCheck, SourceEdits } from '../domain/change-plan.ts';
import { TurboError } from '../domain/errors.ts';
import { checkSource } from '../pipeline/changes/check-source.ts';
import { writeSource } from '../pipeline/changes/write-source.ts';
import { listRevisions } from '../store/project-revisions.ts';
import type { ProjectRecord } from '../store/projects.ts';
import { requireIdle } from './change-project.ts';
import type { UseCaseParts } from './use-case-parts.ts';

const LONGEST_CHECK_MS = 600_000;

/** Rejects with `PROJECT_BUSY` during a run, which writes there itself, and with `SANDBOX_PATH_REFUSED`. */
export async function editSource(parts: UseCaseParts, project: ProjectRecord, edits: SourceEdits): Promise<void> {
  await requireIdle(parts, project);
  const [newest, ...earlier] = await listRevisions(parts.pool, project.id);
  if (!newest) {
    throw new TurboError('NOT_FOUND', `${project.name} has no source: nothing of it was made to its end`, {
      fix: '`turbobackend show <project>` tells what became of its run.',
    });
  }
  await writeSource(await parts.portsAt(project.placement), [newest, ...earlier], edits);
}

/** Rejects with `PROJECT_BUSY` during a run. */
export async function checkProjectSource(
  parts: UseCaseParts,
  project: ProjectRecord,
  signal: AbortSignal | undefined,
): Promise<SourceCheck> {
  await requireIdle(parts, project);
  const ports = { ...parts.ports, ...(await parts.portsAt(project.placement)) };
  const enough = AbortSignal.timeout(LONGEST_CHECK_MS);
  const aborts = signal ? AbortSignal.any([signal, enough]) : enough;
  return parts.trials.use(() => checkSource({ pool: parts.pool, ports, project, apart: true, signal: aborts }));
}
