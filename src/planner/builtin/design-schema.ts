import type { SchemaProposal } from '../../domain/schema-design.ts';
import { DESIGN_IS_GUESS_BELOW } from '../../domain/design-kind.ts';
import type { DraftTable } from './draft.ts';
import { TurboError } from '../../domain/errors.ts';
import { designProse } from './assembly/design-prose.ts';
import { readShorthands, type Shorthands } from './given/read-shorthands.ts';
import { coverageOf } from './coverage.ts';
import { readPrompt } from './read-prompt.ts';
import { soundTables } from './sound-tables.ts';
import { unusedParts } from './unused-parts.ts';
import { writeTable } from './write-proposal.ts';

/** Below it, a table is only likely. */
const SURE = 0.7;

/** Below it, a design is called a guess. */
const GUESS = DESIGN_IS_GUESS_BELOW;

const MAX_QUESTIONS = 3;

/** In a longer text whole sentences are about something else. */
const SHORT_CHARS = 400;

/** The schema that a prompt in prose or in shorthand asks for. Rejects with `SCHEMA_DESIGN_FAILED` when it holds no word at all. */
export function designSchema(original: string): SchemaProposal {
  if (!/\p{L}/u.test(original)) throw nothingToRead();
  const { text: prompt, corrections } = readPrompt(original);
  const spelled = readShorthands(prompt);
  const tables = soundTables(draftTables(prompt, spelled));
  const read = [...corrections].map(([word, meant]) => `I read «${word}» as ${meant}.`);
  const isProse = spelled === undefined || spelled.prose !== undefined;
  const doubts = isProse ? doubtsOf(prompt, tables) : { warnings: [], questions: [], confidence: 1 };
  return { tables: tables.map(writeTable), ...doubts, warnings: [...read, ...doubts.warnings] };
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

type Doubts = Required<Pick<SchemaProposal, 'warnings' | 'questions' | 'confidence'>>;

/** What the design leaves open: tables that nobody asked for plainly, and words of the prompt that are nowhere in it. */
function doubtsOf(prompt: string, tables: readonly DraftTable[]): Doubts {
  const unsure = tables.filter(({ confidence }) => confidence < SURE).map(({ name }) => name);
  const { share, dropped } = coverageOf(prompt, tables);
  const isShort = prompt.length < SHORT_CHARS;
  const sentences = unusedParts(prompt, tables);
  const alone = isShort
    ? dropped.filter((phrase) => !sentences.some((text) => text.toLowerCase().includes(phrase)))
    : [];
  const certainty = tables.reduce((sum, { confidence }) => sum + confidence, 0) / Math.max(tables.length, 1);
  const confidence =
    Math.round(100 * Math.min(certainty, isShort && dropped.length > 0 ? Math.min(share, GUESS - 0.01) : 1)) / 100;
  return {
    warnings: [
      ...unsure.map((name) => `I am not sure about table ${name}: the prompt does not say plainly that it is wanted.`),
      ...sentences,
      ...droppedWarnings(alone),
    ],
    questions: [...dropped.map(askAbout), ...unsure.map(askWhether)].slice(0, MAX_QUESTIONS),
    confidence,
  };
}

function droppedWarnings(dropped: readonly string[]): string[] {
  return dropped.map((phrase) => `Not used: «${phrase}» is neither a table nor a column of this design.`);
}

function askAbout(phrase: string): string {
  return `Is «${phrase}» something to keep? Add «Keep ${phrase} with a name» if so, or «${phrase} is only a word».`;
}

function askWhether(table: string): string {
  return `Shall ${table.replaceAll('_', ' ')} be kept? Add «Keep ${table.replaceAll('_', ' ')}», with what to know of each, if so.`;
}

function nothingToRead(): TurboError {
  return new TurboError('SCHEMA_DESIGN_FAILED', 'No table could be designed: the prompt holds no words', {
    phase: 'design',
    fix: 'Say what the backend keeps, for example «users, posts and comments», or paste CREATE TABLE statements.',
  });
}
