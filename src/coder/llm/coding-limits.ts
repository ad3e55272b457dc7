/** How far a model may go in one run. Money is the budget's, which every call is held to. */
export interface CodingLimits {
  /** Answers of the model's, each with any number of tool calls. */
  readonly turns: number;
  /** Read and written, those from caches included. */
  readonly tokens: number;
  /** Of answering, of the tools and of the gates; what a run waits for another process does not count. */
  readonly minutes: number;
}

export const DEFAULT_LIMITS: CodingLimits = { turns: 40, tokens: 4_000_000, minutes: 30 };
