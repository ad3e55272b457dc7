import type { Token } from '../grammar/token.ts';
import { INSTITUTIONS, PRODUCTS } from '../grammar/lexicon.ts';
import { findEntity } from '../library/entity-library.ts';
import { singularName, tableName } from '../names.ts';

/** Product words that are no records: a chat is made of messages, a shop of orders. */
const NOT_KEPT = new Set(
  'chat forum blog inventory gym shop store school library bank hotel restaurant clinic hospital message board calendar game newsletter leaderboard customer business company user data time contact test agent note_taking log service rest web setting preference profile role session list bulletin video_streaming listing'.split(
    ' ',
  ),
);

/** «a movie database with …» keeps movies: the entity that a prompt's product is named after. */
export function productEntity(tokens: readonly Token[]): string | undefined {
  for (const [at, token] of tokens.slice(0, 12).entries()) {
    if (!PRODUCTS.has(token.word) || at === 0) continue;
    for (const length of [2, 1]) {
      const nouns = tokens.slice(Math.max(0, at - length), at);
      const key = nouns.map(({ lemma, word, tag }) => (tag === 'participle' ? word : lemma)).join('_');
      if (
        nouns.length === length &&
        nouns.every(isName) &&
        findEntity(key) !== undefined &&
        !NOT_KEPT.has(key) &&
        !INSTITUTIONS.has(key)
      )
        return singularName(tableName(key) ?? key);
    }
  }
  return undefined;
}

function isName({ tag }: Token): boolean {
  return tag === 'noun' || tag === 'participle';
}
