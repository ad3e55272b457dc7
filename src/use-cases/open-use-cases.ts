import type { Pool } from 'pg';
import { TurboError } from '../domain/errors.ts';
import type { RunId } from '../domain/ids.ts';
import { findProject, type ProjectRecord } from '../store/projects.ts';
import { recordAction } from '../store/project-actions.ts';
import { readEvents } from '../store/run-events.ts';
import { countRuns, findRun, type RunRecord } from '../store/runs.ts';
import type { OwnerBackend, Revival, RunDetails, TurboBackend } from '../turbobackend.ts';
import { answerOnce } from './answer-once.ts';
import { applyPlan, changeProject, planProjectChange, showPlan } from './change-project.ts';
import { diagnose, type Check } from './diagnose.ts';
import { checkProjectSource, editSource } from './edit-source.ts';
import { exportProject } from './export-project.ts';
import { listSecrets, setSecret, unsetSecret } from './keep-secrets.ts';
import { listSnapshots, removeSnapshot, restoreSnapshot, takeSnapshot } from './keep-snapshots.ts';
import { keyRing } from './key-ring.ts';
import { listProjectPage, listRunPage } from './list-pages.ts';
import { listRows } from './list-rows.ts';
import { planBackend, type PlanPlanner } from './plan-backend.ts';
import { removeProject } from './remove-project.ts';
import { renameProject } from './rename-project.ts';
import { submitRun } from './submit-run.ts';
import { findLeftovers, sweepLeftovers } from './sweep-leftovers.ts';
import type { UseCaseParts } from './use-case-parts.ts';
import {
  describeProject,
  projectNames,
  renderSchema,
  requireProject,
  summarizeProject,
  summarizeProjects,
} from './view-projects.ts';
import { viewConnection, viewDatabaseAccess, viewOpenApi, viewReceipt, viewUsage } from './view-records.ts';
import { diffRevisions, listRevisionPage, viewRevision, viewRevisions } from './view-revisions.ts';
import { viewSource } from './view-source.ts';

/** What belongs to the process rather than to one call. */
export interface Lifecycle {
  readonly resumed: readonly RunId[];
  /** A plan needs no more than a planner. */
  planner(): Promise<PlanPlanner>;
  readonly checks: readonly Check[];
  up(): Promise<readonly Revival[]>;
  keepUp: TurboBackend['keepUp'];
  down(): Promise<readonly string[]>;
  close(): Promise<void>;
}

const MOST_EVENTS = 100_000;
const LONGEST_PLAN_MS = 120_000;

/** The use cases over what the wiring opened; `openParts` is called once, by the first use case that needs it. */
export function openUseCases(openParts: () => Promise<UseCaseParts>, lifecycle: Lifecycle): TurboBackend {
  const pool = async (): Promise<Pool> => (await openParts()).pool;
  return {
    ...openOwnerUseCases(openParts, lifecycle, openRun),
    forOwner: (ownerId) =>
      openOwnerUseCases(async () => ({ ...(await openParts()), ownerId }), lifecycle, requireOwnRun),
    keys: keyRing(pool),
    answerOnce: async (call, answer) => answerOnce(await pool(), call, answer),
    countRuns: async () => countRuns(await pool()),
    ready: async () => requireDatabase(await pool()),
    resumed: lifecycle.resumed,
    doctor: () => diagnose(lifecycle.checks),
    findLeftovers: async () => findLeftovers(await openParts()),
    sweepLeftovers: async () => sweepLeftovers(await openParts()),
    up: () => lifecycle.up(),
    keepUp: (options) => lifecycle.keepUp(options),
    down: () => lifecycle.down(),
    close: () => lifecycle.close(),
  };
}

type OpenRun = (parts: UseCaseParts, runId: RunId) => Promise<RunRecord>;

function openOwnerUseCases(
  openParts: () => Promise<UseCaseParts>,
  lifecycle: Lifecycle,
  requireRun: OpenRun,
): OwnerBackend {
  /** Looks the project up first. */
  const on = async <T>(name: string, work: (parts: UseCaseParts, project: ProjectRecord) => T): Promise<Awaited<T>> => {
    const parts = await openParts();
    return await work(parts, await requireProject(parts, name));
  };
  return {
    plan: async (request, signal) => {
      const enough = AbortSignal.timeout(LONGEST_PLAN_MS);
      return planBackend(await lifecycle.planner(), request, signal ? AbortSignal.any([signal, enough]) : enough);
    },
    submit: async (request) => submitRun(await openParts(), request),
    async *watch(runId, options = {}) {
      const parts = await openParts();
      await requireRun(parts, runId);
      yield* parts.hub.watch(runId, options.afterSeq, options.signal);
    },
    async showRun(runId) {
      const parts = await openParts();
      return showRun(parts, await requireRun(parts, runId));
    },
    async cancel(runId) {
      const parts = await openParts();
      await requireRun(parts, runId);
      await (await parts.engine()).cancel(runId);
    },
    listRuns: async (request) => listRunPage(await openParts(), request),

    planChange: (name, request) => on(name, (parts, project) => planProjectChange(parts, project, request)),
    showPlan: async (planId, project) => showPlan(await openParts(), planId, project),
    applyPlan: async (planId, options) => applyPlan(await openParts(), planId, options),
    change: (name, request) => on(name, (parts, project) => changeProject(parts, project, request)),
    writeSource: (name, edits) => on(name, (parts, project) => editSource(parts, project, edits)),
    checkSource: (name, signal) => on(name, (parts, project) => checkProjectSource(parts, project, signal)),
    revisions: (name) => on(name, viewRevisions),
    listRevisions: (name, request) => on(name, (parts, project) => listRevisionPage(parts, project, request)),
    revision: (name, number) => on(name, (parts, project) => viewRevision(parts, project, number)),
    diff: (name, range = {}) => on(name, (parts, project) => diffRevisions(parts, project, range)),

    list: async () => summarizeProjects(await openParts()),
    projectNames: async () => projectNames(await openParts()),
    listProjects: async (request) => listProjectPage(await openParts(), request),
    summarize: (name) => on(name, summarizeProject),
    show: (name) => on(name, describeProject),
    schema: (name, format) => on(name, (parts, project) => renderSchema(parts, project, format)),
    sql: (name, query, maxRows) =>
      on(name, ({ ports }, project) => {
        if (project.databaseName === undefined) {
          throw new TurboError('USAGE', `${project.name} keeps no data, so there is nothing to query`);
        }
        return ports.cluster.query(project.databaseName, query, maxRows === undefined ? {} : { maxRows });
      }),
    rows: (name, request) => on(name, (parts, project) => listRows(parts, project, request)),
    source: (name, path) => on(name, (parts, project) => viewSource(parts, project, path)),
    receipt: (name) => on(name, (_parts, project) => viewReceipt(project)),
    openapi: (name) => on(name, viewOpenApi),
    connection: (name, role) => on(name, (parts, project) => viewConnection(parts, project, role)),
    databaseAccess: (name, role) => on(name, (parts, project) => viewDatabaseAccess(parts, project, role)),
    takeSnapshot: (name) => on(name, takeSnapshot),
    listSnapshots: (name) => on(name, listSnapshots),
    restoreSnapshot: (name, id) => on(name, (parts, project) => restoreSnapshot(parts, project, id)),
    removeSnapshot: (name, id) => on(name, (parts, project) => removeSnapshot(parts, project, id)),
    listSecrets: (name) => on(name, listSecrets),
    setSecret: (name, secretName, secret) =>
      on(name, (parts, project) => setSecret(parts, project, secretName, secret)),
    unsetSecret: (name, secretName) => on(name, (parts, project) => unsetSecret(parts, project, secretName)),
    usage: async (sinceAt) => viewUsage(await openParts(), sinceAt),
    logs: (name, lines) =>
      on(name, async ({ portsAt }, project) => (await portsAt(project.placement)).deploy.logs(project.id, lines)),
    start: (name) => on(name, (parts, project) => control(parts, project, 'started')),
    stop: (name) => on(name, (parts, project) => control(parts, project, 'stopped')),
    restart: (name) =>
      on(name, async (parts, project) => {
        await control(parts, project, 'stopped');
        return control(parts, project, 'started');
      }),
    rename: (name, newName) => on(name, (parts, project) => renameProject(parts, project, newName)),
    remove: (name) => on(name, removeProject),
    export: (name, directory) => on(name, (parts, project) => exportProject(parts, project, directory)),
  };
}

async function requireOwnRun(parts: UseCaseParts, runId: RunId): Promise<RunRecord> {
  const run = await openRun(parts, runId);
  if (run.ownerId === parts.ownerId) return run;
  throw noRun(runId);
}

async function openRun({ pool }: UseCaseParts, runId: RunId): Promise<RunRecord> {
  const run = await findRun(pool, runId);
  if (run) return run;
  throw noRun(runId);
}

function noRun(runId: RunId): TurboError {
  return new TurboError('RUN_NOT_FOUND', `There is no run ${runId}`, {
    fix: '`turbobackend show <project>` lists the runs of a project.',
  });
}

async function showRun({ pool }: UseCaseParts, run: RunRecord): Promise<RunDetails> {
  const page = await readEvents(pool, run.id, 0, MOST_EVENTS);
  return { run, result: run.result, events: page?.events ?? [] };
}

async function control(parts: UseCaseParts, project: ProjectRecord, action: 'started' | 'stopped') {
  const { deploy } = await parts.portsAt(project.placement);
  await (action === 'started' ? deploy.start(project.id) : deploy.stop(project.id));
  await recordAction(parts.pool, { projectId: project.id, action });
  return summarizeProject(parts, (await findProject(parts.pool, parts.ownerId, project.id)) ?? project);
}

async function requireDatabase(pool: Pool): Promise<void> {
  await pool.query('SELECT 1').catch((cause: unknown) => {
    throw new TurboError('CLUSTER_UNAVAILABLE', 'The control database cannot be reached', {
      cause,
      fix: 'An embedded one that died is started again within seconds; one that was given has to be.',
    });
  });
}
