import type { CallToolResult } from '@modelcontextprotocol/server';
import { toldFailure } from '../domain/database-away.ts';
import { TurboError } from '../domain/errors.ts';
import type { FailureReport } from '../domain/run.ts';
import { fixFor } from '../operations/door-fix.ts';

/** Where an answer's `_meta` carries the failure's code, message and fix. */
const FAILURE_KEY = 'turbobackend/error';

/** A failure as an answer that a model reads and can act on, and a program as well. */
export function failureAnswer(error: unknown, onBug: (error: unknown) => void): CallToolResult {
  const report = explainFailure(error);
  if (report.code === 'INTERNAL') onBug(error);
  return failedAnswer(report);
}

export function failedAnswer({ code, message, fix: told }: FailureReport): CallToolResult {
  const fix = fixFor('mcp', { code, fix: told });
  return {
    content: [{ type: 'text', text: `${code}: ${message}\nFix: ${fix}` }],
    isError: true,
    _meta: { [FAILURE_KEY]: { code, message, fix } },
  };
}

/** What may be told of an error: all of those that we foresaw, nothing of the others. */
export function explainFailure(thrown: unknown): FailureReport {
  const error = toldFailure(thrown);
  if (error instanceof TurboError) return { code: error.code, message: error.message, fix: error.fix ?? '' };
  return {
    code: 'INTERNAL',
    message: 'Something broke on our side',
    fix: 'Try again; if it stays, report it with what the server wrote to its standard error.',
  };
}
