import { setTimeout as sleep } from 'node:timers/promises';
import { TurboError } from '../../domain/errors.ts';
import type { FlyPlace } from './fly-place.ts';
import type { FlyMachine } from './fly-answers.ts';
import { readAppLog } from './fly-log.ts';
import { waitUntilServing } from './machine-health.ts';

export interface Proof {
  /** What the backend is called in messages. */
  readonly name: string;
  readonly before: FlyMachine | undefined;
  /** What the change was answered with; undefined when nothing was changed. */
  readonly changed: FlyMachine | undefined;
  readonly signal: AbortSignal | undefined;
}

const LOG_LINES = 20;
// What is printed is to be read a moment later.
const LOG_TRIES = 3;
const LOG_WAIT_MS = 700;
const NO_LOG = 'Nothing that it printed is known';
// The log's clock is another machine's.
const CLOCKS_DIFFER_MS = 2000;

/** Rejects with `DEPLOY_FAILED` and the end of its log when the machine does not become healthy. */
export async function proveHealthy(place: FlyPlace, { name, before, changed, signal }: Proof): Promise<void> {
  const { url, healthyWithinMs, app, api } = place;
  const id = (changed ?? before)?.id ?? '';
  const read = (): Promise<FlyMachine | undefined> => api.readMachine(app, id);
  const problem = await waitUntilServing({ url, withinMs: healthyWithinMs, read, before, changed, signal });
  if (problem === undefined) return;
  const lines = signal?.aborted ? [] : await lastLines(place, changed);
  const printed = lines.length === 0 ? `${NO_LOG}.` : `It printed:\n${place.redact(lines.join('\n'))}`;
  throw new TurboError('DEPLOY_FAILED', `The backend ${name} did not become healthy: ${problem}. ${printed}`, {
    phase: 'deploy',
    fix: signal?.aborted ? undefined : fixOf(problem),
  });
}

/** Where to look, by what the backend did last. */
function fixOf(problem: string): string {
  if (problem.startsWith('/readyz'))
    return 'It runs, but does not reach its database: let the machines of Fly.io in at DB_CLUSTER_HOST.';
  if (problem.startsWith('/healthz answered nothing'))
    return 'Check that FLY_APP_URL is where its apps answer. A new name may take some minutes: then run it again.';
  return 'Mend what it printed, or the reason that the dashboard of Fly.io shows, and run it again.';
}

async function lastLines({ api, app, logsUrl }: FlyPlace, changed: FlyMachine | undefined): Promise<readonly string[]> {
  const changedMs = Date.parse(changed?.updated_at ?? '');
  const since = Number.isNaN(changedMs) ? undefined : new Date(changedMs - CLOCKS_DIFFER_MS);
  for (let attempt = 1; ; attempt += 1) {
    const lines = await readAppLog(api, { logsUrl, app, since }).catch(() => []);
    if (lines.length > 0 || attempt === LOG_TRIES) return lines.slice(-LOG_LINES);
    await sleep(LOG_WAIT_MS);
  }
}
