import { TurboError } from '../domain/errors.ts';
import type { RunId } from '../domain/ids.ts';
import type { Planner } from '../planner/planner.ts';
import { findProject } from '../store/projects.ts';
import { recordAction } from '../store/project-actions.ts';
import { readEvents } from '../store/run-events.ts';
import { findRun, type RunRecord } from '../store/runs.ts';
import type { RunDetails, TurboBackend } from '../turbobackend.ts';
import { diagnose, type Check } from './diagnose.ts';
import { exportProject } from './export-project.ts';
import { planBackend } from './plan-backend.ts';
import { removeProject } from './remove-project.ts';
import { submitRun } from './submit-run.ts';
import type { UseCaseParts } from './use-case-parts.ts';
import { describeProject, renderSchema, requireProject, summarizeProject, summarizeProjects } from './view-projects.ts';

/** What belongs to the process rather than to one call. */
export interface Lifecycle {
  readonly resumed: readonly RunId[];
  /** A plan needs no more than a planner. */
  planner(): Promise<Planner>;
  readonly checks: readonly Check[];
  down(): Promise<readonly string[]>;
  close(): Promise<void>;
}

const MOST_EVENTS = 100_000;
const LONGEST_PLAN_MS = 120_000;

/** The use cases over what the wiring opened; `openParts` is called once, by the first use case that needs it. */
export function openUseCases(openParts: () => Promise<UseCaseParts>, lifecycle: Lifecycle): TurboBackend {
  return {
    resumed: lifecycle.resumed,
    plan: async (request, signal = AbortSignal.timeout(LONGEST_PLAN_MS)) =>
      planBackend(await lifecycle.planner(), request, signal),
    submit: async (request) => submitRun(await openParts(), request),
    async *watch(runId, options = {}) {
      const { hub } = await openParts();
      yield* hub.watch(runId, options.afterSeq, options.signal);
    },
    showRun: async (runId) => showRun(await openParts(), runId),
    async cancel(runId) {
      const parts = await openParts();
      await requireRun(parts, runId);
      await (await parts.engine()).cancel(runId);
    },

    list: async () => summarizeProjects(await openParts()),
    async show(name) {
      const parts = await openParts();
      return describeProject(parts, await requireProject(parts, name));
    },
    async schema(name, format) {
      const parts = await openParts();
      return renderSchema(parts, await requireProject(parts, name), format);
    },
    async sql(name, query, maxRows) {
      const parts = await openParts();
      const project = await requireProject(parts, name);
      if (project.databaseName === undefined) {
        throw new TurboError('USAGE', `${project.name} keeps no data, so there is nothing to query`);
      }
      return parts.ports.cluster.query(project.databaseName, query, maxRows === undefined ? {} : { maxRows });
    },
    async logs(name, lines) {
      const parts = await openParts();
      return parts.ports.deploy.logs((await requireProject(parts, name)).id, lines);
    },
    start: async (name) => control(await openParts(), name, 'started'),
    stop: async (name) => control(await openParts(), name, 'stopped'),
    async remove(name) {
      const parts = await openParts();
      return removeProject(parts, await requireProject(parts, name));
    },
    async export(name, directory) {
      const parts = await openParts();
      return exportProject(parts, await requireProject(parts, name), directory);
    },

    doctor: () => diagnose(lifecycle.checks),
    down: () => lifecycle.down(),
    close: () => lifecycle.close(),
  };
}

async function requireRun({ pool, ownerId }: UseCaseParts, runId: RunId): Promise<RunRecord> {
  const run = await findRun(pool, runId);
  if (run?.ownerId === ownerId) return run;
  throw new TurboError('RUN_NOT_FOUND', `There is no run ${runId}`, {
    fix: '`turbobackend show <project>` lists the runs of a project.',
  });
}

async function showRun(parts: UseCaseParts, runId: RunId): Promise<RunDetails> {
  const run = await requireRun(parts, runId);
  const page = await readEvents(parts.pool, runId, 0, MOST_EVENTS);
  return { run, result: run.result, events: page?.events ?? [] };
}

async function control(parts: UseCaseParts, name: string, action: 'started' | 'stopped') {
  const project = await requireProject(parts, name);
  const { deploy } = parts.ports;
  await (action === 'started' ? deploy.start(project.id) : deploy.stop(project.id));
  await recordAction(parts.pool, { projectId: project.id, action });
  return summarizeProject(parts, (await findProject(parts.pool, parts.ownerId, project.id)) ?? project);
}
