import type { Pool } from 'pg';
import { TurboError } from '../domain/errors.ts';
import type { RunId } from '../domain/ids.ts';
import type { Placement } from '../domain/placement.ts';
import type { RunEventBody } from '../domain/run-event.ts';
import { findBlueprint, recordBlueprint } from '../store/api-blueprints.ts';
import { endSandboxSessions, recordSandboxSession } from '../store/container-sessions.ts';
import { sumMessageCosts } from '../store/message-costs.ts';
import { recordAction } from '../store/project-actions.ts';
import { recordDeployment } from '../store/project-deployments.ts';
import { findProjectById, updateProject } from '../store/projects.ts';
import { findPlan } from '../store/change-plans.ts';
import { findRevision, findRevisionOfRun, insertRevision } from '../store/project-revisions.ts';
import { recordPush } from '../store/push-history.ts';
import { appendEvent, readEvents } from '../store/run-events.ts';
import { findRun, finishRun, markStarted, type RunRecord } from '../store/runs.ts';
import type { ChangeWork } from './changes/change-work.ts';
import type { RunRegister } from './run-body.ts';
import type { RunRecords } from './run-context.ts';
import { runResult } from './run-result.ts';

const MOST_EVENTS = 100_000;

/** A run's order and records in the control database. */
export function storedRuns(pool: Pool, planner: 'builtin' | 'llm', redact: (text: string) => string): RunRegister {
  return {
    async open(runId) {
      const run = await findRun(pool, runId);
      const project = run && (await findProjectById(pool, run.projectId));
      if (!run || !project) throw new TurboError('RUN_NOT_FOUND', `There is no run ${runId}`);
      await markStarted(pool, runId);
      return {
        order: {
          projectId: run.projectId,
          name: project.name,
          prompt: run.prompt,
          schemaSql: run.options.schemaSql,
          auth: run.options.auth,
          rules: run.options.access,
          databaseName: project.databaseName,
          change: run.options.planId === undefined ? undefined : await findPlan<ChangeWork>(pool, run.options.planId),
        },
        records: storedRecords(pool, planner, redact, run, project.placement),
      };
    },
  };
}

function storedRecords(
  pool: Pool,
  planner: 'builtin' | 'llm',
  redact: (text: string) => string,
  { id: runId, projectId, kind }: RunRecord,
  placement: Placement,
): RunRecords {
  const ids = { runId, projectId };
  return {
    async append(key, percent, event) {
      await appendEvent(pool, runId, key, redactedEvent(event, redact), percent, Date.now());
    },
    async update(changes) {
      await updateProject(pool, projectId, { planner, ...changes });
    },
    recordSandbox: (sandbox) => recordSandboxSession(pool, { ...ids, ...sandbox, provider: placement.sandbox }),
    recordBlueprint: (blueprint) => recordBlueprint(pool, { ...ids, ...blueprint }),
    recordPush: (push) => recordPush(pool, { ...ids, ...push, host: placement.source }),
    recordDeployment: (deployment) => recordDeployment(pool, { ...ids, ...deployment, target: placement.deploy }),
    loadReceipt: async () => (await findProjectById(pool, projectId))?.receipt,
    async loadRevision() {
      const revision = await findRevision(pool, projectId);
      if (!revision) throw new Error(`${projectId} has no revision`);
      return revision;
    },
    recordRevision: (revision) => insertRevision(pool, { ...ids, ...revision }),
    async finish(status, error) {
      if (kind === 'create') await closeProject(pool, ids, status);
      if (kind === 'create' && status === 'succeeded') await recordFirstRevision(pool, ids);
      const facts = await readFacts(pool, runId);
      await finishRun(pool, runResult(facts, status, error), facts.endedAtMs);
    },
  };
}

/** A project whose first run did not succeed is history: nothing of it is left, and its name is free again. */
async function closeProject(
  pool: Pool,
  { runId, projectId }: Pick<RunRecord, 'projectId'> & { readonly runId: RunId },
  status: 'succeeded' | 'failed' | 'cancelled',
): Promise<void> {
  const made = status === 'succeeded';
  await updateProject(pool, projectId, { status: made ? 'ready' : 'failed' });
  if (!made) await endSandboxSessions(pool, projectId);
  await recordAction(pool, { projectId, runId, action: made ? 'created' : 'failed' });
}

async function recordFirstRevision(
  pool: Pool,
  ids: { readonly runId: RunId; readonly projectId: RunRecord['projectId'] },
): Promise<void> {
  const project = await findProjectById(pool, ids.projectId);
  if (!project) return;
  const { prompt, commitId: commit, artifact, receipt } = project;
  const made = {
    number: 1,
    kind: 'create',
    prompt,
    commit,
    artifact,
    receipt,
    sourceHash: receipt?.sourceHash ?? '',
  } as const;
  await insertRevision(pool, { ...ids, ...made, steps: [], migrations: [], ddl: undefined });
}

async function readFacts(pool: Pool, runId: RunId): Promise<Parameters<typeof runResult>[0]> {
  const run = await findRun(pool, runId);
  const project = run && (await findProjectById(pool, run.projectId));
  if (!run || !project) throw new TurboError('RUN_NOT_FOUND', `There is no run ${runId}`);
  const blueprint = await findBlueprint(pool, run.projectId);
  return {
    run,
    project,
    events: (await readEvents(pool, runId, 0, MOST_EVENTS))?.events ?? [],
    tables: blueprint?.schema?.tables.map((table) => table.name) ?? [],
    costUsd: await sumMessageCosts(pool, runId),
    revision: await findRevisionOfRun(pool, runId),
    endedAtMs: Date.now(),
  };
}

function redactedEvent(event: RunEventBody, redact: (text: string) => string): RunEventBody {
  return 'message' in event ? { ...event, message: redact(event.message) } : event;
}
