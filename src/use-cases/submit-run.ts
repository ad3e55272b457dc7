import { TurboError } from '../domain/errors.ts';
import { newId, type ProjectId, type RunId } from '../domain/ids.ts';
import type { SchemaProposal } from '../domain/schema-design.ts';
import { isProjectName, projectNameFrom } from '../domain/project-name.ts';
import { designSchema } from '../pipeline/design-schema.ts';
import { inTransaction } from '../store/database-client.ts';
import { createProject, findProjectById, freeName, listProjectNames } from '../store/projects.ts';
import { findRun, insertRun } from '../store/runs.ts';
import type { CreateRequest, SubmittedRun } from '../turbobackend.ts';
import { usablePrompt } from './plan-backend.ts';
import { recognizeFollowUp } from './recognize-follow-up.ts';
import type { UseCaseParts } from './use-case-parts.ts';

/**
 * Records a project and its first run, and hands the run to the engine. A schema of the user's own is checked first, so
 * that a refused one leaves no trace. Rejects with `USAGE`, also for what would change a project that is there, and with
 * `NAME_TAKEN` or `SCHEMA_REFUSED`.
 */
export async function submitRun(parts: UseCaseParts, request: CreateRequest): Promise<SubmittedRun> {
  const prompt = usablePrompt(request);
  if (request.name !== undefined && !isProjectName(request.name)) throw unusableName(request.name);
  const earlier = await findSubmitted(parts, request.token);
  if (earlier) return earlier;
  await refuseFollowUp(parts, prompt);
  if (request.schemaSql !== undefined) await checkGivenSchema(parts, { ...request, prompt });

  const submitted = await recordRun(parts, prompt, request);
  const engine = await parts.engine();
  await engine.submit({ runId: submitted.runId, ownerId: parts.ownerId, exclusiveKey: submitted.projectId });
  return submitted;
}

/** What was recorded under the token before, handed to the engine again in case that was not reached. */
export async function findSubmitted(parts: UseCaseParts, token: string | undefined): Promise<SubmittedRun | undefined> {
  if (token === undefined) return undefined;
  const run = await findRun(parts.pool, `run_${token}` as RunId);
  if (run?.ownerId !== parts.ownerId) return undefined;
  if (run.endedAt === undefined) {
    const engine = await parts.engine();
    await engine.submit({ runId: run.id, ownerId: run.ownerId, exclusiveKey: run.projectId });
  }
  const project = await findProjectById(parts.pool, run.projectId);
  return { runId: run.id, projectId: run.projectId, name: project?.name ?? '' };
}

/** Whoever wants a change gets no second backend that has nothing to do with the first. */
async function refuseFollowUp({ pool, ownerId }: UseCaseParts, prompt: string): Promise<void> {
  const followUp = recognizeFollowUp(prompt, await listProjectNames(pool, ownerId));
  if (!followUp) return;
  const { project } = followUp;
  const whole = 'For a new backend, say what the whole of it is for: "a REST API for …".';
  if (project === undefined) {
    throw new TurboError('USAGE', 'This asks for a change of a backend that is there, and here a new one is made', {
      fix: `\`turbobackend change <project> "…"\` changes one of yours. ${whole}`,
    });
  }
  throw new TurboError('USAGE', `This speaks of your project ${project}, and here a new backend is made`, {
    fix: `\`turbobackend change ${project} "…"\` changes it. ${whole}`,
  });
}

async function checkGivenSchema({ ports }: UseCaseParts, request: CreateRequest): Promise<void> {
  const { prompt, schemaSql, auth, access: rules } = request;
  const { signal } = new AbortController();
  const ask = (_round: number, propose: (aborts: AbortSignal) => Promise<SchemaProposal>): Promise<SchemaProposal> =>
    propose(signal);
  await designSchema({ prompt, schemaSql, auth, rules, planner: ports.planner, signal, ask });
}

/** A name made from the prompt gives way to one that another process took in the same moment; a given one does not. */
async function recordRun(
  { pool, ownerId, placement }: UseCaseParts,
  prompt: string,
  request: CreateRequest,
): Promise<SubmittedRun> {
  for (;;) {
    const name = request.name ?? (await freeName(pool, ownerId, projectNameFrom(prompt)));
    const submitted = { ...newIds(request.token), name };
    try {
      await inTransaction(pool, async (db) => {
        await createProject(db, { id: submitted.projectId, ownerId, name, prompt, placement });
        await insertRun(db, {
          id: submitted.runId,
          projectId: submitted.projectId,
          ownerId,
          prompt,
          options: { schemaSql: request.schemaSql, auth: request.auth, access: request.access },
        });
      });
      return submitted;
    } catch (error) {
      const taken = error instanceof TurboError && error.code === 'NAME_TAKEN';
      if (!taken || request.name !== undefined) throw error;
    }
  }
}

function newIds(token: string | undefined): Pick<SubmittedRun, 'runId' | 'projectId'> {
  if (token === undefined) return { runId: newId('run'), projectId: newId('project') };
  return { runId: `run_${token}` as RunId, projectId: `project_${token}` as ProjectId };
}

export function unusableName(name: string): TurboError {
  return new TurboError('USAGE', `«${name}» cannot be a project's name`, {
    fix: 'Use lower-case letters, digits and dashes, starting with a letter, at most 40 of them.',
  });
}
