import type { z } from 'zod';
import type { RunEvent } from '../domain/run-event.ts';
import type { runShape } from '../operations/run-shapes.ts';
import { fence } from './fence.ts';

type RunOutput = z.output<typeof runShape>;

/** How a run is going, in a few lines, and what to do next. */
export function describeRun(run: RunOutput): string {
  const lines = [headline(run), ...adviceOn(run)];
  const messages = run.events.flatMap(({ seq, phase, message }) =>
    message === undefined ? [] : [`${seq} ${phase ?? ''} ${message}`],
  );
  return messages.length === 0 ? lines.join('\n') : `${lines.join('\n')}\n\n${fence(messages.join('\n'))}`;
}

function headline({ runId, name, status, percent, phase, result }: RunOutput): string {
  const what = name === undefined ? runId : `${runId} of ${name}`;
  if (status === 'succeeded') return `The run ${what} has succeeded: the backend answers at ${result?.url ?? ''}`;
  if (status === 'failed') return `The run ${what} has failed; what it had made was taken back.`;
  if (status === 'cancelled') return `The run ${what} was cancelled; what it had made was taken back.`;
  return `The run ${what} is ${status}: ${percent} %${phase === undefined ? '' : `, ${phase}`}.`;
}

function adviceOn({ runId, status, lastSeq, result, error }: RunOutput): readonly string[] {
  if (error) return [`${error.code}: ${error.message}`, `Fix: ${error.fix}`];
  if (result) return describeOutcome(result);
  if (status !== 'queued' && status !== 'running') return [];
  return [`Call get_run with runId ${runId}, afterSeq ${lastSeq} and waitSeconds 30 until it has ended.`];
}

function describeOutcome(result: NonNullable<RunOutput['result']>) {
  const { docsUrl, tables, sourceDir, needsDatabase, revision } = result;
  return [
    `Its revision: ${revision}`,
    `Its documentation: ${docsUrl}`,
    needsDatabase ? `Its tables: ${tables.join(', ')}` : 'It keeps no data.',
    `Its source: ${sourceDir}`,
  ];
}

/** What a progress notification says of an event. */
export function describeEvent(event: RunEvent): string {
  switch (event.type) {
    case 'run-ended':
      return event.result.status === 'succeeded' ? `running at ${event.result.url}` : event.result.status;
    case 'phase-started':
    case 'phase-progress':
    case 'phase-ended':
    case 'warning':
      return `${event.phase}: ${event.message}`;
    case 'run-started':
    case 'run-resumed':
    case 'undo':
      return event.message;
  }
}
