/** A copy of a project's database that is kept. */
export interface Snapshot {
  readonly id: string;
  /** The revision that it was taken of. */
  readonly revision: number;
  /** `before: remove status from posts` */
  readonly reason: string;
  readonly sizeBytes: number;
  /** Unix seconds. */
  readonly createdAt: number;
}
