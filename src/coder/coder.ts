import type { BackendBlueprint } from '../scaffold/scaffold.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';

export interface CodingRequest {
  readonly blueprint: BackendBlueprint;
  readonly sandbox: Sandbox;
  readonly signal: AbortSignal;
  /** Tells watchers what is being written. */
  report(message: string): Promise<void>;
}

export interface WrittenCode {
  /** One line for people: «31 files for 3 tables». */
  readonly summary: string;
  readonly fileCount: number;
  /** What the user has to know: parts of the prompt that nobody wrote code for. */
  readonly warnings: readonly string[];
}

/** Writes the backend's code into the sandbox. Port: `template-coder.ts` (the scaffold alone), `llm-coder.ts`. */
export interface Coder {
  readonly kind: 'template' | 'llm';
  /** Writing again gives the same files. Rejects with `CODE_FAILED`. */
  write(request: CodingRequest): Promise<WrittenCode>;
}
