import type { SchemaDraft } from '../../schema/drafts.ts';
import type { Keeper } from '../expand-step.ts';
import { takeSteps, type PlannedSteps } from '../plan-steps.ts';
import { addColumns, dropColumns, generatedColumnsOff, setComments, setTypes, settle, unsettle } from './columns.ts';
import { asWritten } from './as-written.ts';
import type { Difference } from './difference.ts';
import { changeEnums, createEnums, dropEnums } from './enums.ts';
import { foreignKeysOff, foreignKeysOn, keysOff, keysOn, nameAsMeant } from './keys.ts';
import { createTables, dropTables } from './tables.ts';

/**
 * In an order in which Postgres takes them: what would be in the way of another type or of a drop goes first and comes
 * back last, columns go only when the key is there that their kept values are told apart by.
 */
const DIFFERENCES: readonly Difference[] = [
  createEnums,
  foreignKeysOff,
  keysOff,
  generatedColumnsOff,
  dropTables,
  unsettle,
  changeEnums,
  createTables,
  addColumns,
  setTypes,
  settle,
  setComments,
  keysOn,
  foreignKeysOn,
  nameAsMeant,
  dropColumns,
  dropEnums,
];

/** The steps from one schema to another, both as the catalog words them; what has another name is another thing. */
export function compareDrafts(now: SchemaDraft, wanted: SchemaDraft, keep: Keeper): PlannedSteps {
  const target = { ...wanted, tables: wanted.tables.map(asWritten) };
  return DIFFERENCES.reduce<PlannedSteps>(
    (planned, difference) => takeSteps(planned, difference(planned.target, target, keep), keep),
    { steps: [], target: now },
  );
}
