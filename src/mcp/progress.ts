import type { ServerContext } from '@modelcontextprotocol/server';
import type { RunEvent } from '../domain/run-event.ts';
import { describeEvent } from './describe-run.ts';

/** Tells the client of a call how it is going. */
export interface Progress {
  show(event: RunEvent): void;
  /** Says the same again, so that the client goes on waiting. */
  repeat(): void;
}

const REPEAT_MS = 8000;

/** The client hears every few seconds that its call is under way. */
export async function whileRepeating<T>(progress: Progress | undefined, work: () => Promise<T>): Promise<T> {
  const repeating = setInterval(() => progress?.repeat(), REPEAT_MS);
  try {
    return await work();
  } finally {
    clearInterval(repeating);
  }
}

/** What a notification adds when the percentage has not grown: the protocol wants every one to be above the last. */
const LEAST_GROWTH = 0.01;

/** Undefined when the client has not asked for progress. */
export function progressOf({ _meta, notify }: ServerContext['mcpReq']): Progress | undefined {
  const progressToken = _meta?.progressToken;
  if (progressToken === undefined) return undefined;
  let progress = 0;
  let message = 'under way';
  const tell = (percent: number): void => {
    progress = Math.max(percent, Math.round((progress + LEAST_GROWTH) * 100) / 100);
    // A client that has gone cannot hear it, and the call ends by itself.
    notify({
      method: 'notifications/progress',
      params: { progressToken, progress, total: Math.max(100, progress), message },
    }).catch(() => undefined);
  };
  return {
    show: (event) => {
      message = describeEvent(event);
      tell(event.percent);
    },
    repeat: () => tell(progress),
  };
}
