import type { Snapshot } from './domain/snapshot.ts';
import type { AccessPlan } from './domain/access.ts';
import type { DesignKind } from './domain/design-kind.ts';
import type { ApiKey } from './domain/api-key.ts';
import type {
  ChangePlan,
  Revision,
  RevisionDetails,
  RevisionDiff,
  SourceCheck,
  SourceEdits,
} from './domain/change-plan.ts';
import type { Receipt } from './domain/receipt.ts';
import type { RepeatableCall } from './domain/repeatable-call.ts';
import type { Run, RunResult } from './domain/run.ts';
import type { ProjectId, RunId } from './domain/ids.ts';
import type { RunEvent } from './domain/run-event.ts';
import type { DesignReason, ProposedTable } from './domain/schema-design.ts';
import type { Secret } from './domain/secret.ts';
import type { SourceFile } from './domain/source-file.ts';

export interface PlanRequest {
  readonly prompt: string;
  /** SQL text of the user's own that takes the place of the planner's design. */
  readonly schemaSql?: string | undefined;
  /** Whether people sign in; by the prompt when undefined. */
  readonly auth?: 'none' | 'password' | undefined;
  /** Rules in place of inferred ones: `posts=read:anyone,change:owner`. Rejects with `USAGE` for one that names what is not there. */
  readonly access?: readonly string[] | undefined;
}

/** What `plan --json` prints, field by field. */
export interface Plan {
  readonly needsDatabase: boolean;
  readonly reasoning: string;
  readonly planner: 'builtin' | 'llm';
  readonly schema: { readonly tables: readonly Required<ProposedTable>[] } | null;
  /** Who may do what; null when no database is needed. */
  readonly access: AccessPlan | null;
  readonly ddl: readonly string[];
  readonly warnings: readonly string[];
  /** Null when no database is needed. */
  readonly design: DesignKind | null;
  /** What would make a guess sure: a question each, with the sentence to add. */
  readonly questions: readonly string[];
  /** Why each table and column is there, as far as the planner can say. */
  readonly reasons: readonly DesignReason[];
  readonly costUsd: number | null;
}

export interface CreateRequest extends PlanRequest {
  /** The project's name; made from the prompt when missing. Rejects with `NAME_TAKEN` or `USAGE` when it cannot be used. */
  readonly name?: string | undefined;
  /** 16 characters of [0-9a-z] that name the submission: repeating it with the same ones gives the same run. */
  readonly token?: string | undefined;
}

/** What is to become of a project that exists. `apart`: a model may have written some of its code, which is kept apart. */
export type ChangeRequest = { readonly apart?: boolean | undefined } & (
  | {
      readonly kind: 'change';
      /** May be empty with SQL of one's own. */
      readonly prompt: string;
      /** Statements of one's own, in place of what the planner would make of the prompt. */
      readonly sql?: string | undefined;
      /** The schema that it is to lead to, as SQL or in a notation that is read (Prisma, DBML …). */
      readonly targetSchema?: string | undefined;
      /** With it, what has another name there: `posts` and `articles`, `posts.title` and `headline`. */
      readonly renames?: readonly { readonly from: string; readonly to: string }[] | undefined;
    }
  /** `to`: the revision to go back to, by default the one before. */
  | { readonly kind: 'undo'; readonly to?: number | undefined }
  /** `files`: source in place of what lies in the project's folder and repository. */
  | { readonly kind: 'deploy'; readonly files?: readonly SourceFile[] | undefined }
);

/** How a plan is carried out. */
export interface PlanApplication {
  /** A person's consent to data going out of reach: the plan's own id. */
  readonly acceptDataLoss?: string | undefined;
  /** Whether a model may have asked for it: going back further than a change then takes consent where data goes out of reach. */
  readonly byModel?: boolean | undefined;
  /** The project that it has to be a plan of. */
  readonly project?: string | undefined;
  /** As `CreateRequest.token`. */
  readonly token?: string | undefined;
}

export interface SubmittedRun {
  readonly runId: RunId;
  readonly projectId: ProjectId;
  /** The project's. */
  readonly name: string;
}

export interface ProjectSummary {
  readonly projectId: ProjectId;
  readonly name: string;
  /** `dead`: it should run and does not; `unknown`: its provider did not say. */
  readonly status: 'creating' | 'running' | 'stopped' | 'dead' | 'failed' | 'unknown';
  readonly prompt: string;
  readonly url: string;
  readonly tables: readonly string[];
  /** Unix seconds. */
  readonly createdAt: number;
}

export interface ProjectDetails extends ProjectSummary {
  /** The newest, from 1; 0 while there is none. */
  readonly revision: number;
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

/** A backend that should run: where it does now, or why it does not. */
export interface Revival {
  readonly name: string;
  readonly url: string | undefined;
  readonly problem: string | undefined;
}

/** What lies at a provider, or in a folder here, and belongs to no live project. */
export interface Leftover {
  readonly kind: 'deployment' | 'sandbox' | 'repository' | 'archives';
  /** `local`, `folder`, or the provider's name. */
  readonly place: string;
  readonly projectId: ProjectId;
  /** Undefined when this control database does not know it. */
  readonly project: { readonly name: string; readonly status: 'failed' | 'deleted' } | undefined;
  /** False for what another control database may still need. */
  readonly removable: boolean;
}

export interface RunDetails {
  readonly run: Run;
  /** Undefined while it has not ended. */
  readonly result: RunResult | undefined;
  readonly events: readonly RunEvent[];
}

/** A part of a list. */
export interface PageRequest {
  /** How many at most. */
  readonly limit: number;
  /** Where the page before ended; `USAGE` when it is none of ours. */
  readonly cursor?: string | undefined;
}

export interface Page<T> {
  readonly data: readonly T[];
  /** Undefined when nothing comes after. */
  readonly nextCursor: string | undefined;
}

/** A run in a list. */
export interface RunSummary extends Run {
  /** Unix seconds. */
  readonly startedAt: number | undefined;
  /** Unix seconds. */
  readonly endedAt: number | undefined;
}

export interface RunFilter {
  readonly project?: string | undefined;
  readonly status?: Run['status'] | undefined;
}

export type RowComparison = 'eq' | 'ne' | 'lt' | 'lte' | 'gt' | 'gte' | 'contains';

export interface RowsRequest extends PageRequest {
  readonly table: string;
  /** By the primary key when missing; nulls come last. */
  readonly sort?: { readonly column: string; readonly descending: boolean } | undefined;
  readonly filters: readonly { readonly column: string; readonly comparison: RowComparison; readonly value: string }[];
}

export interface RowsPage {
  readonly columns: readonly string[];
  /** Values as `sql` gives them, in the columns' order. */
  readonly rows: readonly (readonly unknown[])[];
  readonly nextCursor: string | undefined;
}

/** What lies at a path of a project's source: the files below a folder, or a file's text. */
export type SourceView =
  | { readonly kind: 'folder'; readonly files: readonly string[] }
  | { readonly kind: 'file'; readonly content: string };

/** How a project's own backend reaches its database; the password is left out. */
export interface ConnectionView {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  readonly tls: 'off' | 'verify';
}

/** The roles of a project's database: of its owner and migrations, of its backend, of who only looks. */
export type DatabaseRole = 'app' | 'owner' | 'reader';

/** All it takes to log in to a project's database. */
export interface DatabaseAccess extends ConnectionView {
  readonly password: Secret;
}

/** A secret of a project's backend. Its value is shown to nobody. */
export interface SecretView {
  readonly name: string;
  /** Whether the code asks for it in `.env.example`. */
  readonly isNeeded: boolean;
  /** Unix seconds; undefined when it is not set. */
  readonly setAt: number | undefined;
}

/** What came of setting a secret or taking it away. */
export interface SecretChange {
  readonly project: string;
  /** `running`: it has it already; `stopped`, `dead`: from its next start; `none`: nothing is deployed. */
  readonly backend: 'running' | 'stopped' | 'dead' | 'none';
}

export interface Usage {
  readonly projects: number;
  readonly runs: Readonly<Record<Run['status'], number>>;
  /** What calls to models used, a line per model. */
  readonly models: readonly ModelUsage[];
}

interface ModelUsage {
  readonly provider: string;
  readonly model: string;
  readonly calls: number;
  readonly tokensIn: number;
  readonly tokensOut: number;
  /** US dollars; undefined when a call's price is not known. */
  readonly costUsd: number | undefined;
}

/** The use cases on what one owner has, one method each; every door calls these. A project is named by its id or its name. */
export interface OwnerBackend {
  /** Detects and designs; nothing is made. Rejects with `SCHEMA_DESIGN_FAILED` or, for a user's own SQL, `SCHEMA_REFUSED`. */
  plan(request: PlanRequest, signal?: AbortSignal): Promise<Plan>;
  /** Records the project and its run and hands the run to the engine. Resolves as soon as both are durable. */
  submit(request: CreateRequest): Promise<SubmittedRun>;
  /** The run's events with a seq above `afterSeq` (default 0), live, up to and including the terminal one. */
  watch(runId: RunId, options?: { readonly afterSeq?: number; readonly signal?: AbortSignal }): AsyncIterable<RunEvent>;
  showRun(runId: RunId): Promise<RunDetails>;
  /** Asks the run to end and undo; resolves at once. Watch it to see it end. */
  cancel(runId: RunId): Promise<void>;
  /** The newest first. */
  listRuns(request: PageRequest & RunFilter): Promise<Page<RunSummary>>;

  /**
   * Checks what is asked for and tries it on a copy with all rows; nothing of the project is changed. Rejects with
   * `CHANGE_REFUSED` or `CHANGE_CONFLICT`.
   */
  planChange(project: string, request: ChangeRequest): Promise<ChangePlan>;
  /** With `project`, only a plan of that project. Rejects with `NOT_FOUND`. */
  showPlan(planId: string, project?: string): Promise<ChangePlan>;
  /**
   * Hands in the run that carries a plan out. Rejects with `CONFIRMATION_NEEDED` where it takes a person's consent, with
   * `CHANGE_STALE` where the project is at another revision by now, and with `PROJECT_BUSY` during a run.
   */
  applyPlan(planId: string, options?: PlanApplication): Promise<SubmittedRun>;
  /** Plans and applies in one go. Rejects as both do; what would lose data is only ever planned. */
  change(project: string, request: ChangeRequest & Pick<PlanApplication, 'byModel' | 'token'>): Promise<SubmittedRun>;
  /**
   * Writes into the project's folder, which is what a deploy takes. Rejects with `SANDBOX_PATH_REFUSED`, nothing written, for
   * what a model may not change, and with `PROJECT_BUSY` during a run.
   */
  writeSource(project: string, edits: SourceEdits): Promise<void>;
  /** Holds what lies there to the gates; nothing of the project is changed. Rejects with `PROJECT_BUSY` during a run. */
  checkSource(project: string, signal?: AbortSignal): Promise<SourceCheck>;
  /** What each successful run left, the newest first. */
  revisions(project: string): Promise<readonly Revision[]>;
  listRevisions(project: string, request: PageRequest): Promise<Page<Revision>>;
  /** Rejects with `NOT_FOUND`. */
  revision(project: string, number: number): Promise<RevisionDetails>;
  /** What became of files and schema, by default from the revision before the newest one to the newest. */
  diff(
    project: string,
    range?: { readonly from?: number | undefined; readonly to?: number | undefined },
  ): Promise<RevisionDiff>;

  list(): Promise<readonly ProjectSummary[]>;
  /** The newest first. */
  projectNames(): Promise<readonly string[]>;
  /** The newest first; with `search`, those whose name or prompt has the text in it. */
  listProjects(request: PageRequest & { readonly search?: string | undefined }): Promise<Page<ProjectSummary>>;
  summarize(project: string): Promise<ProjectSummary>;
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
  /** A table's rows, read as `sql` reads. Rejects with `NOT_FOUND` for an unknown table and `USAGE` for an unknown column. */
  rows(project: string, request: RowsRequest): Promise<RowsPage>;
  /** What lies at a path of the source, `` for all of it. Rejects with `NOT_FOUND`; secrets and caches are no source. */
  source(project: string, path: string): Promise<SourceView>;
  /** What was verified of the newest verified run. Rejects with `NOT_FOUND` when nothing was. */
  receipt(project: string): Promise<Receipt>;
  /** The OpenAPI document of the project's own backend. Rejects with `NOT_FOUND` when nothing was verified yet. */
  openapi(project: string): Promise<object>;
  /** Rejects with `USAGE` for a project without a database. */
  connection(project: string, role?: DatabaseRole): Promise<ConnectionView>;
  /** The same with the password: for the owner's own eyes and programs, never for an answer over the network. */
  databaseAccess(project: string, role: DatabaseRole): Promise<DatabaseAccess>;
  /** Copies the project's database as it is now. Rejects with `CHANGE_REFUSED` where there is no room for it. */
  takeSnapshot(project: string): Promise<Snapshot>;
  /** The newest first. */
  listSnapshots(project: string): Promise<readonly Snapshot[]>;
  /**
   * Puts the rows of a snapshot in the place of those of now, which become a snapshot themselves. Rejects with
   * `CHANGE_REFUSED` when the schema is another by now, and with `PROJECT_BUSY`.
   */
  restoreSnapshot(project: string, snapshotId: string): Promise<Snapshot>;
  /** Rejects with `USAGE` for the last three, which nobody removes. */
  removeSnapshot(project: string, snapshotId: string): Promise<void>;

  listSecrets(project: string): Promise<readonly SecretView[]>;
  /**
   * Gives the backend a secret, a running one without losing a call. Rejects with `USAGE`, with `PROJECT_BUSY` during a
   * run, and with `DEPLOY_FAILED` when the backend does not become healthy with it: then nothing was changed.
   */
  setSecret(project: string, name: string, secret: Secret): Promise<SecretChange>;
  /** The same for taking it away. Rejects with `NOT_FOUND` when it is not set. */
  unsetSecret(project: string, name: string): Promise<SecretChange>;
  /** What the owner used since a moment, in unix seconds. */
  usage(sinceAt: number): Promise<Usage>;
  logs(project: string, lines: number): Promise<readonly string[]>;
  start(project: string): Promise<ProjectSummary>;
  stop(project: string): Promise<ProjectSummary>;
  restart(project: string): Promise<ProjectSummary>;
  /** Its repository keeps the name it was published as. Rejects with `USAGE`, `NAME_TAKEN`, or `PROJECT_BUSY` during a run. */
  rename(project: string, name: string): Promise<ProjectSummary>;
  /** Removes database, roles, processes, files, repository and archives. Resolves to what was removed, a line each. */
  remove(project: string): Promise<readonly string[]>;
  /** Writes the project's source files into `directory`, which must not exist or be empty. Resolves to the file count. */
  export(project: string, directory: string): Promise<number>;
}

/** Who may call the service. */
export interface KeyRing {
  create(
    request: Pick<ApiKey, 'ownerId' | 'name' | 'scope'>,
  ): Promise<{ readonly apiKey: ApiKey; readonly key: Secret }>;
  /** Of one owner, or all. */
  list(ownerId?: string): Promise<readonly ApiKey[]>;
  /** Rejects with `NOT_FOUND` when there is no such key, or none of that owner's. */
  revoke(keyId: string, ownerId?: string): Promise<ApiKey>;
  /** Undefined for a key that is unknown or revoked. Notes its use. */
  recognize(key: string): Promise<ApiKey | undefined>;
}

/**
 * The use cases. On its own it is that of the owner whose home this is, and of whoever operates the service: runs can be
 * watched, shown and cancelled whoever owns them.
 */
export interface TurboBackend extends OwnerBackend {
  forOwner(ownerId: string): OwnerBackend;
  readonly keys: KeyRing;
  /**
   * The answer to an earlier call of this name, or else that of `answer`, which gets the token that its effect is to be
   * named by. Rejects with `IDEMPOTENCY_KEY_REUSED` or `IDEMPOTENCY_KEY_IN_USE`.
   */
  answerOnce(
    call: RepeatableCall,
    answer: (token: string) => Promise<object>,
  ): Promise<{ readonly answer: object; readonly repeated: boolean }>;
  /** How many runs there are in each state, whoever owns them. */
  countRuns(): Promise<Readonly<Record<Run['status'], number>>>;
  /** Resolves when calls can be answered. Rejects with `CLUSTER_UNAVAILABLE`. */
  ready(): Promise<void>;
  /** Runs whose process is gone and which this process now carries on. */
  readonly resumed: readonly RunId[];

  doctor(): Promise<readonly Diagnosis[]>;
  /** What runs that failed could not take back, wherever it lies. */
  findLeftovers(): Promise<readonly Leftover[]>;
  /** Removes those that can be; resolves to them. */
  sweepLeftovers(): Promise<readonly Leftover[]>;
  /** Starts what should run and does not, the embedded Postgres included; what was stopped on purpose stays so. */
  up(): Promise<readonly Revival[]>;
  /** The same, and again whenever a backend ends that nobody stopped, until the signal. `say` hears a line each time. */
  keepUp(options: { readonly signal: AbortSignal; readonly say: (line: string) => void }): Promise<void>;
  /** Stops every deployed process and the embedded Postgres. Resolves to what was stopped, a line each. */
  down(): Promise<readonly string[]>;
  /** Parks runs at a step boundary and lets go of everything. */
  close(): Promise<void>;
}
