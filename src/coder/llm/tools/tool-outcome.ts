/** What a tool call came to, for the model and for people. */
export interface ToolOutcome {
  readonly output: string;
  /** The call did not do what it says; the model is told why. */
  readonly failed?: boolean | undefined;
  /** It reached for something that it may not have. Watchers are told. */
  readonly refused?: boolean | undefined;
  /** For watchers, after the tool's name: `src/app.ts`. */
  readonly told: string;
}

export function refusal(told: string, reason: string): ToolOutcome {
  return { output: `Refused: ${reason}.`, failed: true, refused: true, told: `${told}: ${reason}` };
}

export function failure(told: string, output: string): ToolOutcome {
  return { output, failed: true, told };
}
