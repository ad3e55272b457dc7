import type { Node } from 'libpg-query';
import type { Extent } from './extent.ts';

/** A call whose arguments have been measured. */
export interface MeasuredCall {
  readonly name: string;
  readonly nodes: readonly Node[];
  readonly extents: readonly Extent[];
  /** Notes what is wrong with the call; its value then counts as small, so that nothing is told twice. */
  readonly refuse: (problem: string, fix: string) => Extent;
}
