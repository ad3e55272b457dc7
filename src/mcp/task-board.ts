import { type McpServer, MissingRequiredClientCapabilityError, type ServerContext } from '@modelcontextprotocol/server';
import { z } from 'zod';
import { abilitiesOf, TASKS_EXTENSION } from './client-abilities.ts';

/** A task as the extension `io.modelcontextprotocol/tasks` writes it. Times are ISO 8601. */
export interface TaskHandle {
  readonly taskId: string;
  readonly status: 'working' | 'input_required' | 'completed' | 'failed' | 'cancelled';
  readonly statusMessage?: string;
  readonly createdAt: string;
  readonly lastUpdatedAt: string;
  /** How long it can be asked for; null: always. */
  readonly ttlMs: number | null;
  readonly pollIntervalMs: number;
}

/** A task with what came of it, or what it waits for. */
export interface TaskState extends TaskHandle {
  readonly result?: object;
  readonly error?: object;
  readonly inputRequests?: object;
}

/** Where tasks are kept. Every method rejects with a protocol error for a task that is unknown or somebody else's. */
export interface TaskBoard {
  find(taskId: string): Promise<TaskState>;
  answer(taskId: string, responses: Readonly<Record<string, unknown>>): Promise<void>;
  cancel(taskId: string): Promise<void>;
}

const taskParameters = z.looseObject({ taskId: z.string() });
const anyResult = z.looseObject({});

/** Answers `tasks/get`, `tasks/update` and `tasks/cancel`, for clients that have said that they know tasks. */
export function serveTasks({ server }: McpServer, board: TaskBoard): void {
  server.registerCapabilities({ extensions: { [TASKS_EXTENSION]: {} } });
  const serve = (
    method: string,
    answer: (taskId: string, responses: Readonly<Record<string, unknown>>) => Promise<object>,
  ): void => {
    server.setRequestHandler(method, { params: taskParameters, result: anyResult }, async ({ taskId }, context) => {
      requireTasks(context);
      return { ...(await answer(taskId, context.mcpReq.inputResponses ?? {})) };
    });
  };
  serve('tasks/get', (taskId) => board.find(taskId));
  serve('tasks/update', async (taskId, responses) => {
    await board.answer(taskId, responses);
    return {};
  });
  serve('tasks/cancel', async (taskId) => {
    await board.cancel(taskId);
    return {};
  });
}

export function requireTasks(context: Pick<ServerContext, 'mcpReq'>): void {
  if (abilitiesOf(context.mcpReq, undefined).canWait) return;
  throw new MissingRequiredClientCapabilityError({ requiredCapabilities: { extensions: { [TASKS_EXTENSION]: {} } } });
}
