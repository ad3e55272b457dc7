/** What a change does to a backend's answers, so that nothing else may differ. Names are those of fields and paths. */
export interface MeantDifferences {
  /** Paths that are others now, by what they were; null for those that are gone. Others are as they were. */
  readonly paths: Readonly<Record<string, string | null>>;
  /** By path as it was: what changes in the rows that it answers with. */
  readonly rows: Readonly<Record<string, MeantInRows>>;
  /** In rows of paths that are not of the tables' own: all of it. */
  readonly elsewhere: MeantInRows;
  /** All of that in words, a line each. */
  readonly reasons: readonly string[];
  /** Files that people wrote or changed since the release from before: their answers are theirs to mean. */
  readonly ownFiles: readonly string[];
}

export interface MeantInRows {
  readonly renamed: Readonly<Record<string, string>>;
  readonly added: readonly string[];
  readonly removed: readonly string[];
  /** Whose values are others or are written in another way; by the name that they have now. */
  readonly revalued: readonly string[];
  /** Whether lists come in another order. */
  readonly reordered: boolean;
}
