import { newId, type RunId } from '../domain/ids.ts';
import type { ChangePlan, Revision } from '../domain/change-plan.ts';
import { TurboError } from '../domain/errors.ts';
import type { ChangeWork } from '../pipeline/changes/change-work.ts';
import { planChange } from '../pipeline/changes/plan-change.ts';
import { findPlan } from '../store/change-plans.ts';
import { listRevisions } from '../store/project-revisions.ts';
import { findProjectById, type ProjectRecord } from '../store/projects.ts';
import { insertRun } from '../store/runs.ts';
import type { ChangeRequest } from '../turbobackend.ts';
import { proposeChange } from './propose-change.ts';
import type { SubmittedRun } from './submit-run.ts';
import type { UseCaseParts } from './use-case-parts.ts';

/** Checks and rehearses what is asked for; nothing of the project is changed. */
export async function planProjectChange(
  parts: UseCaseParts,
  project: ProjectRecord,
  request: ChangeRequest,
): Promise<ChangePlan> {
  const ports = { ...parts.ports, ...(await parts.portsAt(project.placement)) };
  const planning = { pool: parts.pool, ports, project };
  if (request.kind === 'undo') return planChange(planning, { kind: 'undo', to: request.to });
  if (request.kind === 'deploy') return planChange(planning, { kind: 'deploy', files: request.files });
  return planChange(planning, await proposeChange(parts, project, request));
}

/**
 * Hands a plan's run to the engine. Rejects with `NOT_FOUND`, with `CONFIRMATION_NEEDED` when it loses data and
 * `acceptDataLoss` is not the plan's own id, and with `PROJECT_BUSY`.
 */
export async function applyPlan(
  parts: UseCaseParts,
  planId: string,
  acceptDataLoss: string | undefined,
): Promise<SubmittedRun> {
  const found = await findPlan<ChangeWork>(parts.pool, planId);
  const project = found && (await findProjectById(parts.pool, found.projectId));
  if (!found || project?.ownerId !== parts.ownerId) throw noPlan(planId);
  if (found.plan.needsConsent && acceptDataLoss !== planId) throw consentNeeded(found.plan);
  const runId: RunId = newId('run');
  const options = { kind: found.work.kind, planId };
  await insertRun(parts.pool, {
    id: runId,
    projectId: project.id,
    ownerId: parts.ownerId,
    prompt: found.work.prompt,
    options,
  });
  const engine = await parts.engine();
  await engine.submit({ runId, ownerId: parts.ownerId, exclusiveKey: project.id });
  return { runId, projectId: project.id, name: project.name };
}

export async function showPlan(parts: UseCaseParts, planId: string): Promise<ChangePlan> {
  const found = await findPlan<ChangeWork>(parts.pool, planId);
  const project = found && (await findProjectById(parts.pool, found.projectId));
  if (found && project?.ownerId === parts.ownerId) return found.plan;
  throw noPlan(planId);
}

function noPlan(planId: string): TurboError {
  return new TurboError('NOT_FOUND', `There is no plan ${planId}`, {
    fix: '`turbobackend change <project> --plan-only` makes one.',
  });
}

function consentNeeded({ planId, statements }: ChangePlan): TurboError {
  const losing = statements.filter(({ risk }) => risk === 'loses-data').map(({ sql }) => sql);
  return new TurboError('CONFIRMATION_NEEDED', `The plan takes data out of reach: ${losing.join('; ')}`, {
    fix: `A person has to say so: turbobackend apply ${planId} --accept-data-loss ${planId}`,
  });
}

/** The newest first. */
export async function viewRevisions({ pool }: UseCaseParts, project: ProjectRecord): Promise<readonly Revision[]> {
  const revisions = await listRevisions(pool, project.id);
  return revisions.map(({ number, kind, prompt, commit, createdAt, migrations }, index) => {
    const before = new Set(revisions[index + 1]?.migrations.map(({ name }) => name));
    return {
      number,
      kind,
      prompt,
      commit,
      createdAt,
      migrations: migrations.map(({ name }) => name).filter((name) => !before.has(name)),
    };
  });
}
