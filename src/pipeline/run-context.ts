import type { ArtifactStore } from '../artifacts/artifact-store.ts';
import type { Coder } from '../coder/coder.ts';
import type { DatabaseCluster } from '../database/database-cluster.ts';
import type { DeployTarget } from '../deploy/deploy-target.ts';
import type { AccessPlan } from '../domain/access.ts';
import type { DatabaseSchema } from '../domain/database-schema.ts';
import type { DesignKind } from '../domain/design-kind.ts';
import type { ProjectId } from '../domain/ids.ts';
import type { GateResult, Receipt } from '../domain/receipt.ts';
import type { Missing, Phase, PhaseSummary, RunResult } from '../domain/run.ts';
import type { RunEventBody } from '../domain/run-event.ts';
import type { SchemaDesign } from '../domain/schema-design.ts';
import type { RunSteps } from '../engine/run-engine.ts';
import type { Planner } from '../planner/planner.ts';
import type { SandboxProvider } from '../sandbox/sandbox.ts';
import type { SourceHost } from '../source/source-host.ts';
import type { verifyBackend, verifyDeployment } from '../verify/verify.ts';
import type { NewRevision, RevisionRecord } from '../store/project-revisions.ts';
import type { ProjectSecrets } from '../store/project-secrets.ts';
import type { ProjectChanges } from '../store/projects.ts';
import type { Snapshots } from './changes/snapshots.ts';
import type { ChangeOrder } from './changes/change-work.ts';

/** The adapters of the places that a project was made at. */
export interface ProjectPorts {
  readonly sandboxes: SandboxProvider;
  readonly source: SourceHost;
  readonly artifacts: ArtifactStore;
  readonly deploy: DeployTarget;
}

/** The adapters that a run works with, one per port. */
export interface RunPorts extends ProjectPorts {
  readonly planner: Planner;
  /** Asked when the planner could not tell whether a database is needed; its opinion is told, not followed. */
  readonly secondOpinion?: Planner | undefined;
  readonly cluster: DatabaseCluster;
  readonly coder: Coder;
  /** What the owner gave the backend: for its deployment alone. */
  readonly secrets: Pick<ProjectSecrets, 'load' | 'list'>;
  readonly snapshots: Pick<Snapshots, 'take' | 'list' | 'restore' | 'remove'>;
  readonly verifyBackend: typeof verifyBackend;
  readonly verifyDeployment: typeof verifyDeployment;
  /** What the receipt names: ours and Postgres', beside the sandbox's Node and compiler. */
  readonly versions: Readonly<Record<string, string>>;
}

/** What a run was asked to do. */
export interface RunOrder {
  readonly projectId: ProjectId;
  readonly name: string;
  readonly prompt: string;
  /** SQL of the user's own that takes the place of the planner's design. */
  readonly schemaSql: string | undefined;
  /** What was said of who signs in, and of who may do what. */
  readonly auth?: 'none' | 'password' | undefined;
  readonly rules?: readonly string[] | undefined;
  /** The database that the project has when the run begins. */
  readonly databaseName: string | undefined;
  /** The plan that a run on a project that exists carries out. */
  readonly change: ChangeOrder | undefined;
}

/** Where a run's facts are kept. Every method may be repeated with the same arguments: a replayed run says the same again. */
export interface RunRecords {
  /** `key` is unique within the run and the same on replay; an event whose key is known is dropped. */
  append(key: string, percent: number, event: RunEventBody): Promise<void>;
  update(changes: ProjectChanges): Promise<void>;
  recordSandbox(sandbox: { readonly externalId: string; readonly directory: string }): Promise<void>;
  recordBlueprint(blueprint: { readonly schema: DatabaseSchema | undefined; readonly openapi: unknown }): Promise<void>;
  recordPush(push: { readonly repository: string; readonly commitId: string }): Promise<void>;
  recordDeployment(deployment: {
    readonly url: string;
    readonly externalId: string;
    readonly sourceHash: string;
  }): Promise<void>;
  /** The receipt of the run's project as it was last saved. */
  loadReceipt(): Promise<Receipt | undefined>;
  /** What the last successful run left. */
  loadRevision(): Promise<RevisionRecord>;
  recordRevision(revision: Omit<NewRevision, 'projectId' | 'runId'>): Promise<void>;
  /** Ends the run: its status, its result and the terminal event. */
  finish(status: RunResult['status'], error: RunResult['error']): Promise<void>;
}

/** The database of the run's project, as the phases after its making build on it. */
export interface RunDatabase {
  readonly name: string;
  readonly design: SchemaDesign;
  readonly designKind: DesignKind;
  /** Who may do what with it. */
  readonly access?: AccessPlan | undefined;
  /** Read back from the catalog. */
  readonly schema: DatabaseSchema;
  /** What was checked about the schema before there was code. */
  readonly gates: readonly GateResult[];
}

/** What the phases share: the order, the ports, the durable steps, and where they report. */
export interface RunContext {
  readonly order: RunOrder;
  readonly ports: RunPorts;
  readonly steps: RunSteps;
  readonly records: RunRecords;
  readonly report: PhaseReports;
}

/** What watchers hear of the phases. `phase.ts` calls it for all of them. */
export interface PhaseReports {
  begin(phase: Phase, message: string): Promise<void>;
  progress(phase: Phase, message: string): Promise<void>;
  warn(phase: Phase, message: string, missing?: Missing): Promise<void>;
  end(phase: Phase, message: string, status: PhaseSummary['status']): Promise<void>;
}
