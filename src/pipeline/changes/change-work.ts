import type { ChangeStep, ListPath, MigrationFile } from '../../changes/changes.ts';
import type { ChangePlan, RunKind } from '../../domain/change-plan.ts';
import type { DatabaseSchema } from '../../domain/database-schema.ts';
import type { DdlStatement } from '../../domain/schema-design.ts';

/** What carrying a plan out takes, beside what is shown of it. Plain data that a record can hold. */
export interface ChangeWork {
  readonly kind: Exclude<RunKind, 'create'>;
  /** What was asked for. */
  readonly prompt: string;
  /** The revision that it makes. */
  readonly revision: number;
  /** What happens to the database; undefined where nothing does. */
  readonly database: DatabaseWork | undefined;
  /** Every file of db/migrations afterwards. */
  readonly migrations: readonly MigrationFile[];
  /** Archives of the source as it was, and as it will be. */
  readonly sourceBefore: string;
  readonly sourceAfter: string;
  /** Of the source that was given in place of the project's own. */
  readonly sourceGiven: string | undefined;
  /** Whether people have written in the source, so that its API document has to be made from the code. */
  readonly hasOwnCode: boolean;
  /** Whether a model may have written some of it, so that it is run apart from everything else. */
  readonly apart?: boolean | undefined;
  /** How many revisions an undo goes back. */
  readonly goesBack?: number | undefined;
  /** Files of its code that people changed since the last release, or that come back with an undo of theirs. */
  readonly ownFiles: readonly string[];
}

export interface DatabaseWork {
  readonly steps: readonly ChangeStep[];
  readonly target: DatabaseSchema;
  /** What would make the target anew. */
  readonly ddl: readonly DdlStatement[];
  /** Paths of lists that would not stay what they are. */
  readonly paths?: readonly ListPath[] | undefined;
}

/** A plan that a run carries out. */
export interface ChangeOrder {
  readonly plan: ChangePlan;
  readonly baseHash: string;
  readonly work: ChangeWork;
}
