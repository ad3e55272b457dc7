import type { DraftTable } from '../draft.ts';
import { readBlocks } from './indented-blocks.ts';
import { proseAround, readShorthand } from './shorthand.ts';

/** Tables in the planner's own shorthand, which leaves to the house what it does not say. */
export interface Shorthands {
  readonly tables: readonly DraftTable[];
  /** The prompt as prose, when more is said than the tables. */
  readonly prose?: string | undefined;
}

const MAX_CHARS = 60_000;

/** The tables that a prompt spells out in shorthand or in indented blocks; undefined when it is prose. */
export function readShorthands(text: string): Shorthands | undefined {
  const prompt = text.slice(0, MAX_CHARS);
  const blocks = readBlocks(prompt);
  if (blocks.length > 0) return { tables: blocks };
  const tables = readShorthand(prompt);
  return tables.length > 0 ? { tables, prose: proseAround(prompt) } : undefined;
}
