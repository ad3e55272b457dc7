import { newId, type RunId } from '../domain/ids.ts';
import type { ChangePlan } from '../domain/change-plan.ts';
import { TurboError } from '../domain/errors.ts';
import type { ChangeWork } from '../pipeline/changes/change-work.ts';
import { planChange } from '../pipeline/changes/plan-change.ts';
import type { RunPorts } from '../pipeline/run-context.ts';
import { findPlan, type PlanRecord } from '../store/change-plans.ts';
import { findRevision } from '../store/project-revisions.ts';
import { findProjectById, type ProjectRecord } from '../store/projects.ts';
import { findActiveRun, insertRun } from '../store/runs.ts';
import type { ChangeRequest, PlanApplication, SubmittedRun } from '../turbobackend.ts';
import { proposeChange } from './propose-change.ts';
import { findSubmitted } from './submit-run.ts';
import type { UseCaseParts } from './use-case-parts.ts';
import { requireProject } from './view-projects.ts';

/** Checks and rehearses what is asked for; nothing of the project is changed. Rejects with `PROJECT_BUSY` during a run. */
export async function planProjectChange(
  parts: UseCaseParts,
  project: ProjectRecord,
  request: ChangeRequest,
): Promise<ChangePlan> {
  await requireIdle(parts, project);
  const ports = { ...parts.ports, ...(await parts.portsAt(project.placement)) };
  const warnings = await warnOfStart(ports, project);
  const planning = { pool: parts.pool, ports, project, warnings, apart: request.apart };
  const asked = request.kind === 'change' ? await proposeChange(parts, project, request) : request;
  return parts.trials.use(() => planChange(planning, asked));
}

/** A change ends with a release that runs, also where somebody had stopped the one before. A provider may be away. */
async function warnOfStart({ deploy }: Pick<RunPorts, 'deploy'>, { id, name }: ProjectRecord): Promise<string[]> {
  const deployment = await deploy.find(id).catch(() => undefined);
  return deployment?.status === 'stopped' ? [`${name} is stopped: this starts it`] : [];
}

/** A run that is under way rewrites what the plan would be made from. */
export async function requireIdle({ pool }: UseCaseParts, { id, name }: ProjectRecord): Promise<void> {
  const runId = await findActiveRun(pool, id);
  if (runId === undefined) return;
  throw new TurboError('PROJECT_BUSY', `${name} has a run that has not ended: ${runId}`, {
    fix: 'Wait for it to end, or cancel it.',
  });
}

/** Plans what is asked for and carries it out at once. Rejects as both do, so also for what would lose data. */
export async function changeProject(
  parts: UseCaseParts,
  project: ProjectRecord,
  request: ChangeRequest & Pick<PlanApplication, 'byModel' | 'token'>,
): Promise<SubmittedRun> {
  const earlier = await findSubmitted(parts, request.token);
  if (earlier) return earlier;
  const { planId } = await planProjectChange(parts, project, request);
  return applyPlan(parts, planId, { byModel: request.byModel, token: request.token });
}

/**
 * Hands a plan's run to the engine. Rejects with `NOT_FOUND`, with `CONFIRMATION_NEEDED` when it loses data and
 * `acceptDataLoss` is not the plan's own id, with `CHANGE_STALE` when it was made for another revision, and with
 * `PROJECT_BUSY`.
 */
export async function applyPlan(
  parts: UseCaseParts,
  planId: string,
  { acceptDataLoss, byModel = false, project: named, token }: PlanApplication = {},
): Promise<SubmittedRun> {
  const earlier = await findSubmitted(parts, token);
  if (earlier) return earlier;
  const { record, project } = await requirePlan(parts, planId, named);
  if (needsConsent(record, byModel) && acceptDataLoss !== planId) throw consentNeeded(record.plan);
  await requireRevision(parts, project, record.plan);
  const runId: RunId = token === undefined ? newId('run') : (`run_${token}` as RunId);
  await insertRun(parts.pool, {
    id: runId,
    projectId: project.id,
    ownerId: parts.ownerId,
    prompt: record.work.prompt,
    options: { kind: record.work.kind, planId },
  });
  const engine = await parts.engine();
  await engine.submit({ runId, ownerId: parts.ownerId, exclusiveKey: project.id });
  return { runId, projectId: project.id, name: project.name };
}

export async function showPlan(parts: UseCaseParts, planId: string, project: string | undefined): Promise<ChangePlan> {
  return (await requirePlan(parts, planId, project)).record.plan;
}

/** The plan, if it is one of the owner's, and of the project where one is named. */
async function requirePlan(parts: UseCaseParts, planId: string, named: string | undefined) {
  const within = named === undefined ? undefined : await requireProject(parts, named);
  const record = await findPlan<ChangeWork>(parts.pool, planId);
  const project = record && (await findProjectById(parts.pool, record.projectId));
  if (!record || project?.ownerId !== parts.ownerId) throw noPlan(planId);
  if (within && within.id !== project.id) throw noPlan(planId);
  return { record, project };
}

/**
 * An undo keeps what it takes out of reach and can be undone, so that of a change takes nobody's word. A model that was
 * talked into it must not go back to an empty beginning all the same.
 */
function needsConsent({ plan, work }: PlanRecord<ChangeWork>, byModel: boolean): boolean {
  if (plan.needsConsent || !byModel) return plan.needsConsent;
  return (work.goesBack ?? 0) > 1 && plan.statements.some(({ risk }) => risk === 'loses-data');
}

/** The run would find the same, and more; whoever waits for an answer need not wait for it. */
async function requireRevision(
  { pool }: UseCaseParts,
  project: ProjectRecord,
  { planId, baseRevision }: ChangePlan,
): Promise<void> {
  const newest = await findRevision(pool, project.id);
  if (newest?.number === baseRevision) return;
  throw new TurboError(
    'CHANGE_STALE',
    `${planId} was made for revision ${baseRevision}, and ${project.name} is at ${newest?.number ?? 0}`,
    { fix: 'Plan the change again.' },
  );
}

function noPlan(planId: string): TurboError {
  return new TurboError('NOT_FOUND', `There is no plan ${planId}`, {
    fix: '`turbobackend change <project> --plan-only` makes one.',
  });
}

function consentNeeded({ planId, statements }: ChangePlan): TurboError {
  const losing = statements.filter(({ risk }) => risk === 'loses-data').map(({ sql }) => sql);
  return new TurboError('CONFIRMATION_NEEDED', `The plan ${planId} takes data out of reach: ${losing.join('; ')}`, {
    fix: `A person has to agree to it: \`turbobackend apply ${planId} --accept-data-loss ${planId}\`.`,
  });
}
