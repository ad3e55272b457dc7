import type { AccessPlan } from './access.ts';
import type { DesignKind } from './design-kind.ts';
import type { ProjectId, RunId } from './ids.ts';

/** The gates in the order in which the receipt lists them. */
export const GATES = [
  'schema-checked',
  'schema-rehearsed',
  'catalog-equals-design',
  'both-ways',
  'types',
  'sql-prepares',
  'tests',
  'boot',
  'http-smoke',
  'security-probes',
  'access',
  'every-route',
  'golden',
  'deployed-healthy',
] as const;

export type GateName = (typeof GATES)[number];

/** What one gate found. `evidence` holds facts a reader can check: counts, requests and their answers, versions. */
export interface GateResult {
  readonly gate: GateName;
  readonly status: 'passed' | 'failed' | 'skipped';
  readonly durationMs: number;
  /** One line: «42 requests, every answer as documented», or what went wrong first. */
  readonly summary: string;
  readonly evidence: readonly string[];
}

/** What was verified about one source, by machine, and how. */
export interface Receipt {
  readonly version: 1;
  readonly runId: RunId;
  readonly projectId: ProjectId;
  readonly name: string;
  readonly prompt: string;
  readonly planner: 'builtin' | 'llm';
  /** sha256 of the schema's statements, hex; null without a database. */
  readonly schemaHash: string | null;
  /** Where the tables come from; a guess is one of which the planner is not sure. Null without a database. */
  readonly design: DesignKind | null;
  /** Who may do what, as it was planned; missing where nobody was asked. */
  readonly access?: AccessPlan | undefined;
  /** sha256 over path and content of every source file, hex. */
  readonly sourceHash: string;
  readonly versions: Readonly<Record<string, string>>;
  /** What the sandbox really guarantees, in words. */
  readonly sandbox: readonly string[];
  readonly gates: readonly GateResult[];
  /** True when no gate failed. */
  readonly passed: boolean;
  /** Unix seconds. */
  readonly createdAt: number;
}
