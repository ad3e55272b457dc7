import { createHash } from 'node:crypto';
import type { ToolCall } from '../../llm/language-model.ts';
import type { SourceTree } from '../source-tree.ts';

/** How often the same may happen before it is taken for no progress. */
const TOO_OFTEN = 3;

/** Notices a model that goes round in circles. */
export class StallWatch {
  readonly #calls = new Map<string, number>();
  readonly #failures = new Map<string, number>();

  /** The call that was made in three turns on the very same source; undefined while there is none. */
  sawCalls(calls: readonly ToolCall[], tree: SourceTree): ToolCall | undefined {
    const state = hash([...tree].toSorted(([a], [b]) => (a < b ? -1 : 1)));
    const seen = new Map(calls.map((call) => [hash([state, call.name, call.input ?? null]), call]));
    return [...seen].find(([key]) => count(this.#calls, key) >= TOO_OFTEN)?.[1];
  }

  /** Whether the gates have now failed three times in the same way. */
  sawFailure(signature: string): boolean {
    return count(this.#failures, signature) >= TOO_OFTEN;
  }
}

function count(counts: Map<string, number>, key: string): number {
  const now = (counts.get(key) ?? 0) + 1;
  counts.set(key, now);
  return now;
}

function hash(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('base64');
}
