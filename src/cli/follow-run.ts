import type { RunId } from '../domain/ids.ts';
import type { RunResult } from '../domain/run.ts';
import type { CommandContext } from './command-context.ts';
import { jsonLines } from './render/json-lines.ts';
import { liveProgress } from './render/live-progress.ts';
import { plainProgress } from './render/plain-progress.ts';
import { silentProgress, type Progress, type RunTitle } from './render/progress.ts';
import type { Screen } from './screen.ts';
import { isAutomated } from './shell.ts';

/** Shows the run's events until it has ended. Rejects when the command is interrupted first. */
export async function followRun(
  { backend, interrupts: { signal } }: CommandContext,
  runId: RunId,
  progress: Progress,
  afterSeq = 0,
): Promise<RunResult> {
  try {
    for await (const event of backend.watch(runId, { afterSeq, signal })) {
      if (signal.aborted) break;
      progress.show(event);
      if (event.type === 'run-ended') return event.result;
    }
  } finally {
    progress.end();
  }
  signal.throwIfAborted();
  throw new Error(`The events of ${runId} ended without a terminal one`);
}

/** The view of a run that suits where it is shown. */
export function openProgress(screen: Screen, title: Pick<RunTitle, 'doing' | 'facts' | 'hint'>): Progress {
  const { shell } = screen;
  if (screen.json) return jsonLines(shell.stdout, screen.note);
  if (screen.quiet) return silentProgress(screen.note);
  const fullTitle = { version: shell.version, ...title };
  if (!isLive(screen)) return plainProgress(shell.stderr, screen.err, fullTitle);
  const terminal = { stream: shell.stderr, style: screen.err, now: Date.now, onExit: shell.onExit };
  return liveProgress(terminal, fullTitle);
}

function isLive({ shell: { stderr, environment } }: Screen): boolean {
  return stderr.isTTY === true && environment['TERM'] !== 'dumb' && !isAutomated(environment);
}
