import { ProtocolError, ProtocolErrorCode } from '@modelcontextprotocol/server';
import { covers } from '../domain/api-key.ts';
import { TurboError } from '../domain/errors.ts';
import type { RunId } from '../domain/ids.ts';
import { createBackend } from '../operations/build-operations.ts';
import { runView } from '../operations/run-shapes.ts';
import type { RunDetails } from '../turbobackend.ts';
import { callerOf, type McpAccess, ownerBackend, requireVisibleRun } from './mcp-access.ts';
import { runAnswer } from './run-answer.ts';
import { runTask } from './run-task.ts';
import type { TaskBoard, TaskState } from './task-board.ts';

/** The caller's runs as tasks. */
export function runTasks(access: McpAccess): TaskBoard {
  return {
    find: (taskId) => onRun(access, taskId, taskState),
    answer: (taskId) => onRun(access, taskId, () => undefined),
    cancel: (taskId) =>
      onRun(access, taskId, async ({ run }) => {
        if (!covers(callerOf(access).scope, 'write')) {
          throw new ProtocolError(ProtocolErrorCode.InvalidRequest, 'FORBIDDEN: this connection can only read');
        }
        await (await ownerBackend(access)).cancel(run.id);
      }),
  };
}

function taskState(details: RunDetails): TaskState {
  const task = runTask(details);
  if (task.status !== 'completed') return task;
  return { ...task, result: runAnswer(createBackend, runView(details)) };
}

async function onRun<T>(access: McpAccess, taskId: string, work: (details: RunDetails) => T): Promise<Awaited<T>> {
  try {
    await requireVisibleRun(access, taskId);
    return await work(await (await ownerBackend(access)).showRun(taskId as RunId));
  } catch (error) {
    if (!(error instanceof TurboError)) throw error;
    const code = error.status === 404 ? ProtocolErrorCode.InvalidParams : ProtocolErrorCode.InternalError;
    throw new ProtocolError(code, `${error.code}: ${error.message}`);
  }
}
