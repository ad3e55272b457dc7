/** Where a page of a list, newest first, begins: behind the thing that was made at that time and has that id. */
export interface NewestFirstPosition {
  /** Unix seconds. */
  readonly createdAt: number;
  readonly id: string;
}
