import { spell } from './spelling.ts';
import { translate } from './translate.ts';

/** A prompt in the words that the grammar and the library know. */
export interface ReadPrompt {
  readonly text: string;
  /** Words taken for others: `suplliers` → `suppliers`. */
  readonly corrections: ReadonlyMap<string, string>;
}

export function readPrompt(original: string): ReadPrompt {
  return spell(translate(original));
}
