/** What a change does to a database with rows and to source with edits: checked, rehearsed, done, taken back. */
export type { ChangeStep } from './change-step.ts';
export { checkTarget, type TargetSchema } from './check-target.ts';
export { checkChange, checkUndo, type CheckedChange } from './check-change.ts';
export { mergeSource, type SourceConflict } from './merge-source.ts';
export { migrateDatabase, rehearseChange, takeBackMigration, type ListPath, type MigrationFile } from './run-change.ts';
export { schemaBefore } from './schema-before.ts';
export { unifiedDiff } from './unified-diff.ts';
export { dropKept } from './forget-kept.ts';
export { keptSchema } from './plan-steps.ts';
export { withOwner } from './with-owner.ts';
