import { z } from 'zod';
import { PHASES, type RunResult } from '../domain/run.ts';
import type { RunEvent } from '../domain/run-event.ts';
import type { RunDetails, RunSummary } from '../turbobackend.ts';
import { accessShape, accessView, timeField } from './fields.ts';

export const runKindShape = z.enum(['create', 'change', 'deploy', 'undo']);

export const runStatusShape = z.enum(['queued', 'running', 'succeeded', 'failed', 'cancelled']);

const phaseShape = z.enum(PHASES);

const phaseStatusShape = z.enum(['ok', 'warned', 'skipped', 'failed']);

export const runSummaryShape = z.object({
  runId: z.string(),
  projectId: z.string(),
  kind: runKindShape,
  prompt: z.string(),
  status: runStatusShape,
  createdAt: timeField('When it was asked for'),
  startedAt: timeField('When it began').optional(),
  endedAt: timeField('When it ended').optional(),
});

export const runEventShape = z.object({
  seq: z.int().min(1).describe('Starts at 1 and grows by 1 within a run'),
  type: z.enum([
    'run-started',
    'run-resumed',
    'phase-started',
    'phase-progress',
    'phase-ended',
    'warning',
    'undo',
    'run-ended',
  ]),
  percent: z.int().min(0).max(100).describe('How much of the run lies behind; never goes down'),
  atMs: z.int().min(0).describe('When, in unix milliseconds'),
  phase: phaseShape.optional(),
  status: phaseStatusShape.optional().describe('How a phase ended'),
  message: z.string().optional(),
  durationMs: z.int().min(0).optional(),
});

export const runOutcomeShape = z.object({
  url: z.string().describe('Where the backend answers'),
  docsUrl: z.string(),
  needsDatabase: z.boolean(),
  databaseName: z.string().optional(),
  design: z.enum(['given', 'planned', 'guess']).optional().describe('Where the tables come from'),
  access: accessShape.optional(),
  missing: z
    .array(z.object({ what: z.string(), fix: z.string() }))
    .describe('What was asked for and is not there, and how that is mended'),
  tables: z.array(z.string()),
  sourceDir: z.string(),
  repository: z.string(),
  commit: z.string(),
  artifact: z.string(),
  receipt: z.string(),
  costUsd: z.number().optional().describe('US dollars; missing when a price is not known'),
  durationMs: z.int().min(0),
  phases: z.array(z.object({ phase: phaseShape, status: phaseStatusShape, durationMs: z.int().min(0) })),
  revision: z.int().min(0).describe('What it made of the project, from 1'),
});

export const failureShape = z.object({
  code: z.string(),
  message: z.string(),
  fix: z.string().describe('What to do about it'),
});

export const runShape = z.object({
  runId: z.string(),
  projectId: z.string(),
  name: z.string().optional().describe("The project's name"),
  kind: runKindShape,
  status: runStatusShape,
  prompt: z.string(),
  createdAt: timeField('When it was asked for'),
  percent: z.int().min(0).max(100),
  phase: phaseShape.optional().describe('Where it is'),
  lastSeq: z.int().min(0).describe('The seq of its newest event; pass it as afterSeq to get what comes after'),
  events: z.array(runEventShape).describe('What happened after afterSeq, oldest first'),
  result: runOutcomeShape.optional().describe('What came of it, once it has succeeded'),
  error: failureShape.optional().describe('Why it failed or was cancelled'),
});

export function runSummaryView(run: RunSummary): z.input<typeof runSummaryShape> {
  const { id, ...summary } = run;
  return { runId: id, ...summary };
}

export function runView({ run, result, events }: RunDetails, afterSeq = 0): z.input<typeof runShape> {
  const last = events.at(-1);
  return {
    runId: run.id,
    projectId: run.projectId,
    name: result?.name,
    kind: run.kind,
    status: run.status,
    prompt: run.prompt,
    createdAt: run.createdAt,
    percent: last?.percent ?? 0,
    phase: phaseOf(events),
    lastSeq: last?.seq ?? 0,
    events: events.filter(({ seq }) => seq > afterSeq).map(eventView),
    result: result?.status === 'succeeded' ? outcomeView(result) : undefined,
    error: result?.error ?? undefined,
  };
}

function phaseOf(events: readonly RunEvent[]): (typeof PHASES)[number] | undefined {
  for (const event of events.toReversed()) if ('phase' in event) return event.phase;
  return undefined;
}

function eventView(event: RunEvent): z.input<typeof runEventShape> {
  const { seq, type, percent, atMs } = event;
  return {
    seq,
    type,
    percent,
    atMs,
    ...('phase' in event && { phase: event.phase }),
    ...('message' in event && { message: event.message }),
    ...(event.type === 'phase-ended' && { status: event.status, durationMs: event.durationMs }),
  };
}

function outcomeView(result: RunResult): z.input<typeof runOutcomeShape> {
  return {
    url: result.url,
    docsUrl: result.docsUrl,
    needsDatabase: result.needsDatabase,
    databaseName: result.database?.name,
    design: result.design ?? undefined,
    access: result.access ? accessView(result.access) : undefined,
    missing: [...result.missing],
    tables: [...(result.database?.tables ?? [])],
    sourceDir: result.sourceDir,
    repository: result.repository,
    commit: result.commit,
    artifact: result.artifact,
    receipt: result.receipt,
    costUsd: result.costUsd ?? undefined,
    durationMs: Math.round(result.durationMs),
    phases: result.phases.map(({ phase, status, durationMs }) => ({
      phase,
      status,
      durationMs: Math.round(durationMs),
    })),
    revision: result.revision,
  };
}
