import type { SchemaProposal } from '../../domain/schema-design.ts';
import type { DraftTable } from './draft.ts';
import { TurboError } from '../../domain/errors.ts';
import { designProse } from './assembly/design-prose.ts';
import { readShorthands, type Shorthands } from './given/read-shorthands.ts';
import { soundTables } from './sound-tables.ts';
import { unusedParts } from './unused-parts.ts';
import { writeTable } from './write-proposal.ts';

/** Below it, a table is only likely. */
const SURE = 0.7;

/** The schema that a prompt in prose or in shorthand asks for. Rejects with `SCHEMA_DESIGN_FAILED` when the prompt holds no word at all. */
export function designSchema(prompt: string): SchemaProposal {
  const spelled = readShorthands(prompt);
  if (!/\p{L}/u.test(prompt)) throw nothingToRead();
  const tables = soundTables(draftTables(prompt, spelled));
  const isProse = spelled === undefined || spelled.prose !== undefined;
  return { tables: tables.map(writeTable), warnings: warningsFor(prompt, tables, isProse) };
}

function draftTables(prompt: string, spelled: Shorthands | undefined): readonly DraftTable[] {
  if (!spelled) return designProse(prompt);
  if (spelled.prose === undefined) return spelled.tables;
  return mergeDesigns(spelled.tables, designProse(spelled.prose));
}

/** What is spelled out counts, with the keys that only the prose gives it; what the prose names besides comes along. */
function mergeDesigns(spelled: readonly DraftTable[], told: readonly DraftTable[]): readonly DraftTable[] {
  const merged = spelled.map((table) => {
    const same = told.find(({ name }) => name === table.name);
    const known = new Set(table.columns.flatMap(({ name, references }) => [name, references ?? name]));
    const keys = same?.columns.filter(
      ({ name, references }) => references && !known.has(references) && !known.has(name),
    );
    return { ...table, columns: [...table.columns, ...(keys ?? [])] };
  });
  const names = new Set(merged.map(({ name }) => name));
  return [...merged, ...told.filter(({ name }) => !names.has(name))];
}

function warningsFor(prompt: string, tables: readonly DraftTable[], isProse: boolean): string[] {
  const unsure = tables
    .filter((table) => table.confidence < SURE)
    .map(({ name }) => `I am not sure about table ${name}: the prompt does not say plainly that it is wanted.`);
  return isProse ? [...unsure, ...unusedParts(prompt, tables)] : unsure;
}

function nothingToRead(): TurboError {
  return new TurboError('SCHEMA_DESIGN_FAILED', 'No table could be designed: the prompt holds no words', {
    phase: 'design',
    fix: 'Say what the backend keeps, for example «users, posts and comments», or paste CREATE TABLE statements.',
  });
}
