import type { Run, RunResult } from './domain/run.ts';
import type { ProjectId, RunId } from './domain/ids.ts';
import type { RunEvent } from './domain/run-event.ts';
import type { ProposedTable } from './domain/schema-design.ts';

export interface PlanRequest {
  readonly prompt: string;
  /** SQL text of the user's own that takes the place of the planner's design. */
  readonly schemaSql?: string | undefined;
}

/** What `plan --json` prints, field by field. */
export interface Plan {
  readonly needsDatabase: boolean;
  readonly reasoning: string;
  readonly planner: 'builtin' | 'llm';
  readonly schema: { readonly tables: readonly Required<ProposedTable>[] } | null;
  readonly ddl: readonly string[];
  readonly warnings: readonly string[];
  readonly costUsd: number | null;
}

export interface CreateRequest extends PlanRequest {
  /** The project's name; made from the prompt when missing. Rejects with `NAME_TAKEN` or `USAGE` when it cannot be used. */
  readonly name?: string | undefined;
}

export interface ProjectSummary {
  readonly projectId: ProjectId;
  readonly name: string;
  readonly status: 'creating' | 'running' | 'stopped' | 'failed';
  readonly prompt: string;
  readonly url: string;
  readonly tables: readonly string[];
  /** Unix seconds. */
  readonly createdAt: number;
}

export interface ProjectDetails extends ProjectSummary {
  readonly docsUrl: string;
  readonly sourceDir: string;
  readonly repository: string;
  readonly commit: string;
  readonly artifact: string;
  readonly receipt: string;
  readonly database: {
    readonly name: string;
    readonly host: string;
    readonly port: number;
    readonly user: string;
  } | null;
  readonly runs: readonly Pick<Run, 'id' | 'status' | 'createdAt'>[];
}

export type SchemaFormat = 'sql' | 'json' | 'mermaid' | 'svg';

/** One line of `doctor`: what was looked at, what was found, and how to mend it. */
export interface Diagnosis {
  readonly subject: string;
  readonly status: 'ok' | 'warning' | 'failed';
  readonly finding: string;
  readonly fix?: string | undefined;
}

export interface RunDetails {
  readonly run: Run;
  /** Undefined while it has not ended. */
  readonly result: RunResult | undefined;
  readonly events: readonly RunEvent[];
}

/** The use cases, one method each; every door calls these. A project is named by its id or its name. */
export interface TurboBackend {
  /** Detects and designs; nothing is made. Rejects with `SCHEMA_DESIGN_FAILED` or, for a user's own SQL, `SCHEMA_REFUSED`. */
  plan(request: PlanRequest, signal?: AbortSignal): Promise<Plan>;
  /** Records the project and its run and hands the run to the engine. Resolves as soon as both are durable. */
  submit(
    request: CreateRequest,
  ): Promise<{ readonly runId: RunId; readonly projectId: ProjectId; readonly name: string }>;
  /** The run's events with a seq above `afterSeq` (default 0), live, up to and including the terminal one. */
  watch(runId: RunId, options?: { readonly afterSeq?: number; readonly signal?: AbortSignal }): AsyncIterable<RunEvent>;
  showRun(runId: RunId): Promise<RunDetails>;
  /** Asks the run to end and undo; resolves at once. Watch it to see it end. */
  cancel(runId: RunId): Promise<void>;
  /** Runs whose process is gone and which this process now carries on. */
  readonly resumed: readonly RunId[];

  list(): Promise<readonly ProjectSummary[]>;
  show(project: string): Promise<ProjectDetails>;
  schema(project: string, format: SchemaFormat): Promise<string>;
  /** Runs one read-only statement. Rejects with `QUERY_FAILED`. */
  sql(
    project: string,
    query: string,
    maxRows?: number,
  ): Promise<{
    readonly columns: readonly string[];
    readonly rows: readonly (readonly unknown[])[];
    readonly truncated: boolean;
  }>;
  logs(project: string, lines: number): Promise<readonly string[]>;
  start(project: string): Promise<ProjectSummary>;
  stop(project: string): Promise<ProjectSummary>;
  /** Removes database, roles, processes, files, repository and archives. Resolves to what was removed, a line each. */
  remove(project: string): Promise<readonly string[]>;
  /** Writes the project's source files into `directory`, which must not exist or be empty. Resolves to the file count. */
  export(project: string, directory: string): Promise<number>;

  doctor(): Promise<readonly Diagnosis[]>;
  /** Stops every deployed process and the embedded Postgres. Resolves to what was stopped, a line each. */
  down(): Promise<readonly string[]>;
  /** Parks runs at a step boundary and lets go of everything. */
  close(): Promise<void>;
}
