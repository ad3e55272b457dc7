import type { Failing } from '../domain/fail-as.ts';
export { gateFindings } from './gate-report.ts';
export { whyUnwritable } from './protected-paths.ts';
export { writeTree } from './source-tree.ts';
import type { ProvisionedDatabase } from '../domain/provisioned-database.ts';
import type { GateResult } from '../domain/receipt.ts';
import type { Missing } from '../domain/run.ts';
import type { RunSteps } from '../engine/run-engine.ts';
import type { BackendBlueprint } from '../scaffold/scaffold.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';

export interface CodingRequest {
  readonly blueprint: BackendBlueprint;
  /** Every effect goes into a step of its own; what happens between them follows from their results alone. */
  readonly steps: Pick<RunSteps, 'runId' | 'signal' | 'step'>;
  readonly workshop: Workshop;
  /** Tells watchers what is being written. Between steps, never in one, so that a replay says the same again. */
  report(message: string): Promise<void>;
}

/** What a coder works with. All of it is opened anew in each step that needs it, since a run may change its process. */
export interface Workshop {
  openSandbox(): Promise<Sandbox>;
  /** Undefined for a backend without a database. */
  readonly database: WorkshopDatabase | undefined;
  /** Holds what lies in the sandbox to the gates; leaves no copy of the database and no process behind. */
  check(signal: AbortSignal): Promise<readonly GateResult[]>;
}

/** The project's database. Its copies are dropped when the run has ended, by whoever made them or by the sweep. */
export interface WorkshopDatabase {
  copy(): Promise<ProvisionedDatabase>;
  /** The project's own, or a copy of it. */
  open(copyName?: string): Promise<ProvisionedDatabase>;
  drop(copyName: string): Promise<void>;
  /** Runs one statement as the role that can only read. Rejects with `QUERY_FAILED`, Postgres' message in it. */
  query(
    copyName: string,
    sql: string,
  ): Promise<{
    readonly columns: readonly string[];
    readonly rows: readonly (readonly unknown[])[];
    readonly truncated: boolean;
  }>;
}

export interface WrittenCode {
  /** One line for people: «31 files for 3 tables». */
  readonly summary: string;
  readonly fileCount: number;
  /** What was asked for and nobody wrote. */
  readonly missing: readonly Missing[];
  /** What else the user has to know. */
  readonly warnings: readonly string[];
}

/** Writes the backend's code into the sandbox. Port: `template-coder.ts` (the scaffold alone), `llm/` (then a model). */
export interface Coder {
  /** Whether a model wrote some of it, so that it is run apart from everything else. */
  readonly writesUntrusted: boolean;
  /** Replayed with the results of its steps it gives the same files. Rejects with `CODE_FAILED`. */
  write(request: CodingRequest): Promise<WrittenCode>;
}

/** How the room calls what breaks while a backend's code is written; an abort stays what it is. */
export function codingOf({ name }: BackendBlueprint, signal: AbortSignal): Failing {
  return { code: 'CODE_FAILED', phase: 'code', doing: `write the code of ${name}`, signal };
}
