import { randomUUID } from 'node:crypto';
import { type CallToolResult, ProtocolError, ProtocolErrorCode } from '@modelcontextprotocol/server';
import type { ToolAnswer } from '../../src/mcp/mcp-tool.ts';
import type { TaskBoard, TaskState } from '../../src/mcp/task-board.ts';

type InputRequests = Readonly<Record<string, object>>;

interface FixtureTask {
  state: TaskState;
  readonly stop: AbortController;
  /** Those who wait for an answer, by the key of their question. */
  readonly waiting: Map<string, { readonly request: object; readonly answer: (response: unknown) => void }>;
}

/** What the work of a task can do. */
export interface TaskWork {
  readonly signal: AbortSignal;
  /** Resolves when all of these questions are answered. */
  ask(requests: InputRequests): Promise<void>;
}

const ENDED = new Set(['completed', 'failed', 'cancelled']);

/** Tasks of the suite's tools, in memory. */
export class FixtureTasks implements TaskBoard {
  readonly #tasks = new Map<string, FixtureTask>();

  /** Begins the work and answers with its task. A rejection is a protocol error. */
  begin(work: (task: TaskWork) => Promise<CallToolResult>): ToolAnswer {
    const now = new Date().toISOString();
    const state: TaskState = {
      taskId: randomUUID(),
      status: 'working',
      createdAt: now,
      lastUpdatedAt: now,
      ttlMs: 3_600_000,
      pollIntervalMs: 100,
    };
    const task: FixtureTask = { state, stop: new AbortController(), waiting: new Map() };
    this.#tasks.set(state.taskId, task);
    work({ signal: task.stop.signal, ask: (requests) => ask(task, requests) }).then(
      (result) => change(task, { status: 'completed', result }),
      (error: Error) => change(task, { status: 'failed', error: { code: -32_603, message: error.message } }),
    );
    return { resultType: 'task', ...state };
  }

  async find(taskId: string): Promise<TaskState> {
    const { state, waiting } = this.#require(taskId);
    const inputRequests = Object.fromEntries([...waiting].map(([key, { request }]) => [key, request]));
    return state.status === 'input_required' ? { ...state, inputRequests } : state;
  }

  async answer(taskId: string, responses: Readonly<Record<string, unknown>>): Promise<void> {
    const { waiting } = this.#require(taskId);
    for (const [key, response] of Object.entries(responses)) waiting.get(key)?.answer(response);
  }

  async cancel(taskId: string): Promise<void> {
    const task = this.#require(taskId);
    change(task, { status: 'cancelled' });
    task.stop.abort();
  }

  #require(taskId: string): FixtureTask {
    const task = this.#tasks.get(taskId);
    if (task) return task;
    throw new ProtocolError(ProtocolErrorCode.InvalidParams, `There is no task ${taskId}`);
  }
}

function change(task: FixtureTask, changes: Partial<TaskState>): void {
  if (ENDED.has(task.state.status)) return;
  task.state = { ...task.state, ...changes, lastUpdatedAt: new Date().toISOString() };
}

async function ask(task: FixtureTask, requests: InputRequests): Promise<void> {
  const answers = Object.entries(requests).map(
    ([name, request]) =>
      new Promise<void>((resolve) => {
        const key = `${name}-${randomUUID()}`;
        const answer = (): void => {
          task.waiting.delete(key);
          resolve();
        };
        task.waiting.set(key, { request, answer });
      }),
  );
  change(task, { status: 'input_required' });
  await Promise.all(answers);
  change(task, { status: 'working' });
}
