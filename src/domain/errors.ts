import type { Phase } from './run.ts';

/**
 * Every way a run or a call can fail. `status` is the HTTP status, `exitCode` the command line's, `retry` says whether
 * the same call may work later. docs/errors.md tells what to do about each; a test holds the two together.
 */
export const FAILURES = {
  CONFIG_INVALID: { status: 500, exitCode: 4, retry: false },
  USAGE: { status: 400, exitCode: 2, retry: false },
  UNAUTHORIZED: { status: 401, exitCode: 4, retry: false },
  FORBIDDEN: { status: 403, exitCode: 4, retry: false },
  NOT_FOUND: { status: 404, exitCode: 3, retry: false },
  PROJECT_NOT_FOUND: { status: 404, exitCode: 3, retry: false },
  RUN_NOT_FOUND: { status: 404, exitCode: 3, retry: false },
  CONFIRMATION_NEEDED: { status: 409, exitCode: 5, retry: false },
  NAME_TAKEN: { status: 409, exitCode: 2, retry: false },
  PROJECT_BUSY: { status: 409, exitCode: 6, retry: true },
  IDEMPOTENCY_KEY_IN_USE: { status: 409, exitCode: 6, retry: true },
  IDEMPOTENCY_KEY_REUSED: { status: 422, exitCode: 2, retry: false },
  RATE_LIMITED: { status: 429, exitCode: 6, retry: true },
  CLUSTER_UNAVAILABLE: { status: 503, exitCode: 6, retry: true },
  DISK_FULL: { status: 507, exitCode: 6, retry: true },
  SCHEMA_DESIGN_FAILED: { status: 502, exitCode: 1, retry: true },
  SCHEMA_REFUSED: { status: 422, exitCode: 1, retry: false },
  CHANGE_REFUSED: { status: 422, exitCode: 1, retry: false },
  CHANGE_CONFLICT: { status: 409, exitCode: 1, retry: false },
  CHANGE_STALE: { status: 409, exitCode: 1, retry: false },
  CHANGE_FAILED: { status: 502, exitCode: 1, retry: true },
  DATABASE_PROVISION_FAILED: { status: 502, exitCode: 1, retry: true },
  MODEL_UNAVAILABLE: { status: 503, exitCode: 6, retry: true },
  MODEL_KEY_REFUSED: { status: 502, exitCode: 4, retry: false },
  MODEL_REFUSED: { status: 502, exitCode: 1, retry: false },
  MODEL_INPUT_TOO_LONG: { status: 413, exitCode: 1, retry: false },
  MODEL_ANSWER_UNUSABLE: { status: 502, exitCode: 1, retry: true },
  BUDGET_EXCEEDED: { status: 402, exitCode: 1, retry: false },
  SANDBOX_UNAVAILABLE: { status: 503, exitCode: 1, retry: true },
  SANDBOX_PATH_REFUSED: { status: 400, exitCode: 1, retry: false },
  CODE_FAILED: { status: 502, exitCode: 1, retry: true },
  VERIFICATION_FAILED: { status: 502, exitCode: 1, retry: true },
  PUBLISH_FAILED: { status: 502, exitCode: 1, retry: true },
  DEPLOY_FAILED: { status: 502, exitCode: 1, retry: true },
  PROVIDER_KEY_REFUSED: { status: 502, exitCode: 4, retry: false },
  PROVIDER_REFUSED: { status: 502, exitCode: 1, retry: true },
  PROVIDER_UNAVAILABLE: { status: 503, exitCode: 6, retry: true },
  RESOURCE_NOT_OURS: { status: 409, exitCode: 1, retry: false },
  QUERY_FAILED: { status: 422, exitCode: 1, retry: false },
  RUN_GIVEN_UP: { status: 500, exitCode: 1, retry: true },
  RUN_CANCELLED: { status: 409, exitCode: 130, retry: true },
} as const satisfies Record<string, { status: number; exitCode: number; retry: boolean }>;

export type FailureCode = keyof typeof FAILURES;

/** The one error type that crosses a room's door. Anything else that is thrown is a bug. */
export class TurboError extends Error {
  override readonly name = 'TurboError';
  readonly code: FailureCode;
  readonly phase: Phase | undefined;
  /** What the reader can do about it, as a sentence. */
  readonly fix: string | undefined;

  constructor(
    code: FailureCode,
    message: string,
    options: { cause?: unknown; phase?: Phase | undefined; fix?: string | undefined } = {},
  ) {
    super(message, { cause: options.cause });
    this.code = code;
    this.phase = options.phase;
    this.fix = options.fix;
  }

  get status(): number {
    return FAILURES[this.code].status;
  }

  get exitCode(): number {
    return FAILURES[this.code].exitCode;
  }
}

/** What was thrown, as text. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
