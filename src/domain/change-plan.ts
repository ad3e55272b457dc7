import type { Table } from './database-schema.ts';

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

export type RunKind = 'create' | 'change' | 'deploy' | 'undo';
