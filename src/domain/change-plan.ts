import type { Table } from './database-schema.ts';
import type { RunId } from './ids.ts';
import type { GateResult, Receipt } from './receipt.ts';
import type { SourceFile } from './source-file.ts';

/** How dangerous a statement is for a database with rows, the worst that applies. */
export type ChangeRisk = 'safe' | 'may-fail' | 'locks' | 'loses-data';

/** One statement of a plan, as it is shown. */
export interface ChangeStatement {
  readonly sql: string;
  readonly risk: ChangeRisk;
  /** The strongest lock on a table with rows, as Postgres calls it; empty when there is none. */
  readonly lock: string;
  readonly rewritesTable: boolean;
  /** Of the table that it touches. */
  readonly rows: number;
  /** What takes it back; null when nothing can. */
  readonly reverse: string | null;
  /** On the copy. */
  readonly durationMs: number;
}

export interface ChangedFile {
  readonly path: string;
  readonly change: 'added' | 'changed' | 'removed';
}

/** What a change would do, checked and rehearsed; nothing is done. `change --plan-only --json`, field by field. */
export interface ChangePlan {
  readonly planId: string;
  /** The project's name. */
  readonly project: string;
  /** The revision that it was made for; it fits no other. */
  readonly baseRevision: number;
  readonly reasoning: string;
  readonly statements: readonly ChangeStatement[];
  readonly files: readonly ChangedFile[];
  readonly warnings: readonly string[];
  /** Whether a person has to say that data may be lost. */
  readonly needsConsent: boolean;
  /** As it will be. */
  readonly schema: { readonly tables: readonly Table[] };
  /**
   * Of a target schema: what goes and what comes that could be one thing with another name, `posts.title` and `headline`.
   * The plan drops the one and makes the other; with the renaming told it keeps the values.
   */
  readonly possibleRenames?: readonly { readonly from: string; readonly to: string }[] | undefined;
}

/** Files to write, and paths of those to remove. */
export interface SourceEdits {
  readonly files: readonly SourceFile[];
  readonly remove: readonly string[];
}

/** How the source as it lies in a project's folder stands with the gates. */
export interface SourceCheck {
  readonly passed: boolean;
  /** What deploys exactly this; undefined when no plan could be made of it. */
  readonly plan: ChangePlan | undefined;
  readonly gates: readonly Pick<GateResult, 'gate' | 'status' | 'summary'>[];
  /** What is to be mended first, a text of at most 2 KB each; `about` names the gate, or what else it is about. */
  readonly findings: readonly { readonly about: string; readonly report: string }[];
}

/** What a successful run left of a project. */
export interface Revision {
  /** From 1. */
  readonly number: number;
  readonly kind: RunKind;
  readonly prompt: string;
  readonly commit: string;
  /** Unix seconds. */
  readonly createdAt: number;
  /** Names of the migrations that it added. */
  readonly migrations: readonly string[];
}

/** A revision with all that is kept of it. */
export interface RevisionDetails extends Omit<Revision, 'migrations'> {
  readonly runId: RunId;
  /** sha256 over every source file; empty for one that was made before it was noted. */
  readonly sourceHash: string;
  /** The migrations that it added. */
  readonly migrations: readonly { readonly name: string; readonly sql: string }[];
  /** The statements that would make its tables anew, as one text. */
  readonly schemaSql: string;
  /** What was verified; undefined where nothing was kept. */
  readonly receipt: Receipt | undefined;
}

/** What became of a project from one revision to another: `diff --json`, field by field. */
export interface RevisionDiff {
  /** The project's name. */
  readonly project: string;
  readonly from: number;
  readonly to: number;
  /** `patch`: as `diff -u` writes it, cut where `truncated`. */
  readonly files: readonly (ChangedFile & { readonly patch: string; readonly truncated: boolean })[];
  /** What differs in the statements that would make the tables anew, as `diff -u` writes it. */
  readonly schema: string;
}

export type RunKind = 'create' | 'change' | 'deploy' | 'undo';
