import { messageOf, TurboError, type FailureCode } from './errors.ts';
import type { Phase } from './run.ts';

/** How a room calls what breaks in it. */
export interface Failing {
  /** For whatever `explain` does not know better. */
  readonly code: FailureCode;
  readonly phase?: Phase | undefined;
  /** As in «Could not …»: `open the sandbox of …`. */
  readonly doing: string;
  readonly fix?: string | undefined;
  readonly explain?: ((cause: unknown) => Explanation | undefined) | undefined;
  /** What breaks after it aborted stays as it is. */
  readonly signal?: AbortSignal | undefined;
}

/** What is known of a cause beyond its message. */
export interface Explanation {
  readonly code?: FailureCode | undefined;
  readonly reason?: string | undefined;
  readonly fix?: string | undefined;
}

/** Does the work; what breaks in it crosses the room's edge as «Could not ‹doing›: ‹reason›». */
export async function failAs<T>(failing: Failing, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    failing.signal?.throwIfAborted();
    throw failureOf(failing, cause);
  }
}

/** The error that crosses the edge. What is a `TurboError` already stays as it is. */
export function failureOf(failing: Failing, cause: unknown): TurboError {
  if (cause instanceof TurboError) return cause;
  const { code, reason = messageOf(cause), fix } = { ...failing, ...given(failing.explain?.(cause)) };
  return new TurboError(code, `Could not ${failing.doing}: ${reason}`, { cause, phase: failing.phase, fix });
}

/** Without what it leaves open. */
function given({ code, reason, fix }: Explanation = {}): Explanation {
  return { ...(code && { code }), ...(reason !== undefined && { reason }), ...(fix !== undefined && { fix }) };
}
