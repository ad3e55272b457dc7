/** What a word is in its sentence. */
export type Tag =
  | 'noun'
  | 'verb'
  | 'participle'
  | 'adjective'
  | 'determiner'
  | 'many'
  | 'preposition'
  | 'pronoun'
  | 'modal'
  | 'conjunction'
  | 'adverb'
  | 'comma'
  | 'colon'
  | 'open'
  | 'close'
  | 'stop'
  | 'possessive';

export interface Token {
  /** Lower-case, as it stands. */
  readonly word: string;
  /** Singular of a noun, bare form of a verb. */
  readonly lemma: string;
  readonly plural: boolean;
  readonly tag: Tag;
}
