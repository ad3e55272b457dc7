import type { AccessPlan } from '../domain/access.ts';
import type { DesignKind } from '../domain/design-kind.ts';
import type { ProjectId, RunId } from '../domain/ids.ts';
import type { ProvisionedDatabase } from '../domain/provisioned-database.ts';
import type { GateResult } from '../domain/receipt.ts';
import type { SchemaDesign } from '../domain/schema-design.ts';
import type { SourceFile } from '../domain/source-file.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';

export interface VerificationRequest {
  readonly runId: RunId;
  readonly projectId: ProjectId;
  readonly name: string;
  readonly prompt: string;
  readonly planner: 'builtin' | 'llm';
  /** Undefined for a backend without a database. */
  readonly design: SchemaDesign | undefined;
  /** Where it comes from; `planned` when undefined. */
  readonly designKind?: DesignKind | undefined;
  readonly database: ProvisionedDatabase | undefined;
  /** Who may do what, as it was planned; undefined, as for `none`: everybody everything. */
  readonly access?: AccessPlan | undefined;
  /** The project's own database, where `database` is a copy of it. */
  readonly originalName?: string | undefined;
  /** Gates that were passed before there was code: the schema's. */
  readonly earlierGates: readonly GateResult[];
  readonly sandbox: Sandbox;
  readonly files: readonly SourceFile[];
  /** Versions worth recording: ours, Node's, Postgres'. */
  readonly versions: Readonly<Record<string, string>>;
  /** A throw-away copy of the database; the verifier drops each it asked for. */
  cloneDatabase(): Promise<ProvisionedDatabase>;
  dropClone(databaseName: string): Promise<void>;
  readonly signal: AbortSignal;
  /** Called as each gate ends, in the order in which they end. */
  onGate(result: GateResult): Promise<void>;
}
