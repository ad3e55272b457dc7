import { createHash } from 'node:crypto';
import { z } from 'zod';
import { TurboError } from '../domain/errors.ts';
import type { RunId } from '../domain/ids.ts';
import { callOperation } from '../operations/call-operation.ts';
import type { Operation } from '../operations/operation.ts';
import { runView } from '../operations/run-shapes.ts';
import type { OwnerBackend } from '../turbobackend.ts';
import { followRun } from './follow-run.ts';
import { callerOf, type McpAccess, ownerBackend } from './mcp-access.ts';
import type { ToolAnswer, ToolContext } from './mcp-tool.ts';
import { progressOf } from './progress.ts';
import { runAnswer } from './run-answer.ts';
import { runTask } from './run-task.ts';
import { LONGEST_WAIT_SECONDS, runToolFields, USUAL_WAIT_SECONDS } from './tool-schemas.ts';

/** How often a call is repeated after what its earlier ones made has failed or was deleted, within a day. */
const MOST_ATTEMPTS = 20;

/**
 * Hands a run in and answers as the client can take it: with a task, or else with the run, when it has ended or after
 * as long as the client is sure to wait. Cancelling the call cancels the run.
 */
export async function callRunOperation(
  operation: Operation,
  given: Readonly<Record<string, unknown>>,
  context: ToolContext & { readonly isPersons: boolean },
  access: McpAccess,
): Promise<ToolAnswer> {
  const { own, waitSeconds, idempotencyKey } = readRunInput(given);
  const backend = await ownerBackend(access);
  const { isPersons, request } = context;
  const runId = await handIn(operation, own, { idempotencyKey, signal: request.signal, isPersons, access, backend });
  if (context.client.canWait) return { resultType: 'task', ...runTask(await backend.showRun(runId)) };
  const progress = progressOf(context.request);
  await followRun(backend, runId, {
    waitMs: 1000 * waitOf(waitSeconds, progress !== undefined),
    signal: context.request.signal,
    cancelsWhenCut: access.cancelsWhenCut,
    progress,
  });
  return runAnswer(operation, runView(await backend.showRun(runId)));
}

/** The operation's own input, apart from what only tools take. */
function readRunInput(given: Readonly<Record<string, unknown>>) {
  const { waitSeconds, idempotencyKey, ...own } = given;
  const read = z.object(runToolFields).safeParse({ waitSeconds, idempotencyKey });
  if (read.success) return { own, ...read.data };
  throw new TurboError(
    'USAGE',
    read.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; '),
  );
}

interface HandingIn {
  readonly idempotencyKey: string | undefined;
  readonly signal: AbortSignal;
  readonly isPersons: boolean;
  readonly access: McpAccess;
  readonly backend: OwnerBackend;
}

/**
 * Clients repeat calls that they have lost: the same input leads to the run that is under way or has succeeded. What has
 * failed, was cancelled or deleted is begun anew.
 */
async function handIn(
  operation: Operation,
  input: Readonly<Record<string, unknown>>,
  { idempotencyKey, signal, isPersons, access, backend }: HandingIn,
): Promise<RunId> {
  const call = { backend: await access.open(), caller: callerOf(access), signal, isPersons };
  const named = [operation.name, input, await lastEnd(backend, input)];
  for (let attempt = 1; ; attempt += 1) {
    const key = idempotencyKey ?? `mcp-${hashOf(named)}-${attempt}`;
    const { output, repeated } = await callOperation(operation, input, { ...call, idempotencyKey: key });
    const runId = output['runId'] as RunId;
    const isLast = idempotencyKey !== undefined || attempt === MOST_ATTEMPTS;
    if (!repeated || isLast || (await isStanding(backend, runId))) return runId;
  }
}

/**
 * Of a project that exists, the run that has ended last: what is asked of it after another run is another request, and
 * asked once more during its own run it is the same. A plan is carried out once, whatever has ended since.
 */
async function lastEnd(
  backend: OwnerBackend,
  { project, planId }: Readonly<Record<string, unknown>>,
): Promise<RunId | undefined> {
  if (typeof project !== 'string' || planId !== undefined) return undefined;
  const { data } = await backend.listRuns({ project, limit: 2 });
  return data.find(({ endedAt }) => endedAt !== undefined)?.id;
}

async function isStanding(backend: OwnerBackend, runId: RunId): Promise<boolean> {
  const { run } = await backend.showRun(runId);
  if (run.status === 'failed' || run.status === 'cancelled') return false;
  return backend.summarize(run.projectId).then(
    () => true,
    (error: unknown) => {
      if (error instanceof TurboError && error.status === 404) return false;
      throw error;
    },
  );
}

function hashOf(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 40);
}

function waitOf(waitSeconds: number | undefined, hearsProgress: boolean): number {
  if (hearsProgress) return waitSeconds ?? LONGEST_WAIT_SECONDS;
  return Math.min(waitSeconds ?? USUAL_WAIT_SECONDS, USUAL_WAIT_SECONDS);
}
