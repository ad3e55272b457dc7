import { z } from 'zod';
import type { RunId } from '../domain/ids.ts';
import { cursorField, limitField, nextCursorField, projectField, runField } from './fields.ts';
import { defineOperation, READS, READS_FOREIGN_TEXT } from './operation.ts';
import { runShape, runStatusShape, runSummaryShape, runSummaryView, runView } from './run-shapes.ts';
import { showRunAfter } from './show-run-after.ts';

export const listRuns = defineOperation({
  name: 'list_runs',
  title: 'List runs',
  description: 'Lists runs, the newest first.',
  scope: 'read',
  annotations: READS,
  http: { method: 'GET', path: '/v1/runs', tag: 'Runs' },
  input: z.strictObject({
    project: projectField.optional(),
    status: runStatusShape.optional(),
    limit: limitField(100, 20),
    cursor: cursorField,
  }),
  output: z.object({ data: z.array(runSummaryShape), nextCursor: nextCursorField }),
  async run(input, { backend }) {
    const { data, nextCursor } = await backend.listRuns(input);
    return { data: data.map(runSummaryView), nextCursor };
  },
});

export const getRun = defineOperation({
  name: 'get_run',
  title: 'Follow a run',
  description:
    'Tells how a run is going and what has happened in it. With waitSeconds it answers when the run has ended or the time is up, ' +
    'so calling it again with afterSeq follows a run to its end.',
  scope: 'read',
  annotations: READS_FOREIGN_TEXT,
  http: { method: 'GET', path: '/v1/runs/{runId}', tag: 'Runs' },
  input: z.strictObject({
    runId: runField,
    afterSeq: z.int().min(0).default(0).describe('Only events after this seq'),
    waitSeconds: z.int().min(0).max(30).default(0).describe('How long to wait for the run to end'),
  }),
  output: runShape,
  run: ({ runId, afterSeq, waitSeconds }, { backend, signal }) =>
    showRunAfter(backend, runId as RunId, { afterSeq, waitSeconds, signal }),
});

export const cancelRun = defineOperation({
  name: 'cancel_run',
  title: 'Cancel a run',
  description:
    'Ends a run and takes back what it made. Answers at once; get_run tells when it has ended. A run that has ended stays as it is.',
  scope: 'write',
  annotations: { readOnly: false, destructive: true, idempotent: true, openWorld: false },
  http: { method: 'POST', path: '/v1/runs/{runId}/cancel', tag: 'Runs', status: 202 },
  input: z.strictObject({ runId: runField }),
  output: runShape,
  async run({ runId }, { backend }) {
    await backend.cancel(runId as RunId);
    return runView(await backend.showRun(runId as RunId));
  },
});
