import type { RunEvent } from '../domain/run-event.ts';
import { PHASES, type Missing, type PhaseSummary, type RunResult } from '../domain/run.ts';
import type { ProjectRecord } from '../store/projects.ts';
import type { RunRecord } from '../store/runs.ts';

export interface RunFacts {
  readonly run: RunRecord;
  readonly project: ProjectRecord;
  readonly events: readonly RunEvent[];
  /** Names of the tables read back from the catalog. */
  readonly tables: readonly string[];
  readonly costUsd: number | undefined;
  /** Undefined when the run made none. */
  readonly revision: number | undefined;
  readonly endedAtMs: number;
}

/** How a run ended, from what was recorded on its way. A run that did not succeed left nothing that could be named. */
export function runResult(facts: RunFacts, status: RunResult['status'], error: RunResult['error']): RunResult {
  const { run, project, events } = facts;
  const made = status === 'succeeded';
  const startedAtMs = events[0]?.atMs ?? facts.endedAtMs;
  return {
    type: 'result',
    kind: run.kind,
    runId: run.id,
    projectId: project.id,
    name: project.name,
    status,
    needsDatabase: project.needsDatabase,
    database: made && project.databaseName ? { name: project.databaseName, tables: facts.tables } : null,
    design: made ? (project.receipt?.design ?? null) : null,
    access: made ? (project.receipt?.access ?? null) : null,
    missing: made ? missingOf(events) : [],
    url: made ? project.url : '',
    docsUrl: made ? project.docsUrl : '',
    sourceDir: made ? project.sourceDir : '',
    repository: made ? project.repository : '',
    commit: made ? project.commitId : '',
    artifact: made ? project.artifact : '',
    receipt: made ? project.receiptPath : '',
    costUsd: facts.costUsd ?? null,
    durationMs: facts.endedAtMs - startedAtMs,
    phases: phaseSummaries(events),
    error,
    revision: facts.revision ?? 0,
  };
}

function missingOf(events: readonly RunEvent[]): readonly Missing[] {
  return events.flatMap((event) => (event.type === 'warning' && event.missing ? [event.missing] : []));
}

/** The phases that were reached, in order; one that never ended was cut short. */
function phaseSummaries(events: readonly RunEvent[]): readonly PhaseSummary[] {
  return PHASES.flatMap((phase): PhaseSummary[] => {
    const ended = events.find((event) => event.type === 'phase-ended' && event.phase === phase);
    if (ended?.type === 'phase-ended') return [{ phase, status: ended.status, durationMs: ended.durationMs }];
    const started = events.some((event) => event.type === 'phase-started' && event.phase === phase);
    return started ? [{ phase, status: 'failed', durationMs: 0 }] : [];
  });
}
