import type { AccessPlan } from './access.ts';
import type { RunKind } from './change-plan.ts';
import type { DesignKind } from './design-kind.ts';
import type { ProjectId, RunId } from './ids.ts';

/** The phases of a run that creates a project, in the order they happen. */
export const CREATE_PHASES = [
  'detect',
  'design',
  'provision',
  'sandbox',
  'code',
  'verify',
  'publish',
  'deploy',
] as const;

/** Those of a run on a project that exists. */
export const CHANGE_PHASES = ['rehearse', 'code', 'verify', 'publish', 'migrate', 'deploy'] as const;

/** Every phase that there is, in an order that holds for both. */
export const PHASES = [
  'detect',
  'design',
  'provision',
  'sandbox',
  'rehearse',
  'code',
  'verify',
  'publish',
  'migrate',
  'deploy',
] as const;

export type Phase = (typeof PHASES)[number];

type RunStatus = 'queued' | 'running' | 'succeeded' | 'failed' | 'cancelled';

/** One prompt being carried out on one project. */
export interface Run {
  readonly id: RunId;
  readonly projectId: ProjectId;
  readonly kind: RunKind;
  /** What the user wrote, unchanged. */
  readonly prompt: string;
  readonly status: RunStatus;
  /** Unix seconds. */
  readonly createdAt: number;
}

/** What a user owns: one backend, its database, its repository. */
export interface Project {
  readonly id: ProjectId;
  /** Unique per owner; [a-z0-9-], starts with a letter. */
  readonly name: string;
  readonly status: 'creating' | 'ready' | 'failed' | 'deleting';
  /** Unix seconds. */
  readonly createdAt: number;
}

export interface PhaseSummary {
  readonly phase: Phase;
  readonly status: 'ok' | 'warned' | 'skipped' | 'failed';
  readonly durationMs: number;
}

export interface FailureReport {
  readonly code: string;
  readonly message: string;
  readonly fix: string;
}

/** What a run that succeeded did not come to, and how it is mended, a sentence each. */
export interface Missing {
  readonly what: string;
  readonly fix: string;
}

/** How a run ended: the last line of `create --json`, field by field. Empty strings stand for what was not reached. */
export interface RunResult {
  readonly type: 'result';
  readonly kind: RunKind;
  readonly runId: RunId;
  readonly projectId: ProjectId;
  readonly name: string;
  readonly status: 'succeeded' | 'failed' | 'cancelled';
  readonly needsDatabase: boolean;
  readonly database: { readonly name: string; readonly tables: readonly string[] } | null;
  /** Where the tables come from; null without a database. */
  readonly design: DesignKind | null;
  /** Who may do what; null without a database. */
  readonly access?: AccessPlan | null;
  /** What is not as it was asked for. A run with such is no full success, though a backend runs. */
  readonly missing: readonly Missing[];
  readonly url: string;
  readonly docsUrl: string;
  readonly sourceDir: string;
  readonly repository: string;
  readonly commit: string;
  readonly artifact: string;
  /** Path of the receipt's JSON. */
  readonly receipt: string;
  /** US dollars; null when a price is not known. */
  readonly costUsd: number | null;
  readonly durationMs: number;
  readonly phases: readonly PhaseSummary[];
  readonly error: FailureReport | null;
  /** What a successful run made of the project, from 1; 0 when it made none. */
  readonly revision: number;
}
