import type { DatabaseSchema } from '../domain/database-schema.ts';
import type { DatabaseNeed, DesignReason, EndpointSketch, Finding, SchemaProposal } from '../domain/schema-design.ts';

/** Turns a prompt into decisions. Port: `builtin/` needs no model, `llm/` asks one. */
export interface Planner {
  readonly kind: 'builtin' | 'llm';

  /** Rejects when no answer could be had; the run then goes on without a database. */
  detectNeed(prompt: string, signal: AbortSignal): Promise<DatabaseNeed>;

  /**
   * Proposes tables. With `objections`, the answer replaces an earlier proposal that the schema room refused.
   * Rejects with `SCHEMA_DESIGN_FAILED` when nothing can be proposed.
   */
  proposeSchema(prompt: string, signal: AbortSignal, objections?: Objections): Promise<SchemaProposal>;

  /** Why each table and column of its proposal is there; missing where a planner cannot say. */
  explainDesign?(prompt: string, proposal: SchemaProposal): readonly DesignReason[];

  /**
   * A sentence about a schema that there is, as SQL statements that change it; they are checked as anybody's.
   * Rejects with `CHANGE_REFUSED` when it is not understood.
   */
  proposeChange(sentence: string, schema: DatabaseSchema, signal: AbortSignal): Promise<ChangeProposal>;

  /** The endpoints of a backend that keeps no data, as far as the prompt tells; may be empty. */
  sketchEndpoints(prompt: string, signal: AbortSignal): Promise<readonly EndpointSketch[]>;
}

export { extendAccess, planAccess, wantsAccounts, type AccessAsked } from './access/plan-access.ts';

export interface ChangeProposal {
  readonly sql: string;
  /** What it does, for people. */
  readonly reasoning: string;
  /** What was not understood, or taken one way of several. */
  readonly warnings: readonly string[];
}

export interface Objections {
  readonly proposal: SchemaProposal;
  readonly findings: readonly Finding[];
}
