import type { CallToolResult } from '@modelcontextprotocol/server';
import type { z } from 'zod';
import type { Operation } from '../operations/operation.ts';
import type { runShape } from '../operations/run-shapes.ts';
import { answerOf } from './tool-answer.ts';
import { failedAnswer } from './tool-failure.ts';

/** A run that came to nothing is a failed call. The events are left out: get_run has them. */
export function runAnswer(operation: Operation, run: z.input<typeof runShape>): CallToolResult {
  const answer = answerOf(operation, { ...run, events: [] });
  if (run.status !== 'failed' && run.status !== 'cancelled') return answer;
  const { _meta } = failedAnswer(run.error ?? { code: 'RUN_CANCELLED', message: 'The run was cancelled', fix: '' });
  return { ...answer, isError: true, _meta };
}
