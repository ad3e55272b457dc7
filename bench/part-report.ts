/** What one part of the bench found. */
export interface PartReport {
  /** A title and a table, for people. */
  readonly text: string;
  /** The same for programs: plain JSON. */
  readonly figures: object;
}
