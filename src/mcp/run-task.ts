import type { RunDetails } from '../turbobackend.ts';
import { describeEvent } from './describe-run.ts';
import type { TaskHandle } from './task-board.ts';

const POLL_MS = 1000;

/** A run as a task: it has the run's id and lives as long as the run's record does. */
export function runTask({ run, events }: RunDetails): TaskHandle {
  const last = events.at(-1);
  const created = new Date(run.createdAt * 1000).toISOString();
  return {
    taskId: run.id,
    status: statusOf(run.status),
    ...(last && { statusMessage: `${last.percent} % · ${describeEvent(last)}` }),
    createdAt: created,
    lastUpdatedAt: last ? new Date(last.atMs).toISOString() : created,
    ttlMs: null,
    pollIntervalMs: POLL_MS,
  };
}

/** A run that failed is a task that has an outcome; `failed` is for calls that the protocol could not carry. */
function statusOf(status: RunDetails['run']['status']): TaskHandle['status'] {
  if (status === 'cancelled') return 'cancelled';
  return status === 'succeeded' || status === 'failed' ? 'completed' : 'working';
}
