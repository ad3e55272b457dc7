import type { DraftTable } from './draft.ts';
import { readSentences } from './grammar/sentences.ts';
import { readTokens } from './grammar/tokens.ts';
import { NOT_ENTITIES, WRAPPERS } from './grammar/lexicon.ts';
import { singularName } from './names.ts';

const MAX_WARNINGS = 5;
const MAX_CHARS = 140;

/** The sentences of a prompt of which no noun found its way into the design, as warnings. */
export function unusedParts(prompt: string, tables: readonly DraftTable[]): string[] {
  const used = new Set(
    tables
      .flatMap((table) => [table.name, ...table.columns.map(({ name }) => name)])
      .flatMap((name) => singularName(name).split('_')),
  );
  const sentences = readSentences(prompt);
  // Of a single sentence, all that could be used was.
  if (sentences.length < 2) return [];
  const unused = sentences.map(({ text }) => text).filter((text) => isUnused(text, used));
  const told = unused.slice(0, MAX_WARNINGS).map((text) => `Not used for the schema: «${shorten(text)}»`);
  return unused.length > MAX_WARNINGS
    ? [...told, `Not used for the schema: ${unused.length - MAX_WARNINGS} more sentences`]
    : told;
}

function isUnused(text: string, used: ReadonlySet<string>): boolean {
  const nouns = readTokens(text).filter(
    (token) => token.tag === 'noun' && !NOT_ENTITIES.has(token.lemma) && !WRAPPERS.has(token.lemma),
  );
  return nouns.length > 1 && !nouns.some((token) => used.has(token.lemma) || used.has(token.word));
}

function shorten(text: string): string {
  return text.length > MAX_CHARS ? `${text.slice(0, MAX_CHARS - 1)}…` : text;
}
