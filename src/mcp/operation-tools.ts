import { covers } from '../domain/api-key.ts';
import { callEndpoint, readEndpoint } from '../operations/endpoint-operations.ts';
import { describeApi } from '../operations/code-operations.ts';
import { callOperation } from '../operations/call-operation.ts';
import type { Operation } from '../operations/operation.ts';
import { OPERATIONS } from '../operations/operations.ts';
import { answerOf } from './tool-answer.ts';
import { confirming, type ToolCall } from './confirm-call.ts';
import { callerOf, type McpAccess, requireVisibleRun } from './mcp-access.ts';
import type { McpTool } from './mcp-tool.ts';
import { progressOf, whileRepeating } from './progress.ts';
import { callRunOperation } from './run-call.ts';
import { definitionOf, startsRun } from './tool-schemas.ts';

/** A tool for every operation that the caller may call and that makes sense in the view, always in the same order. */
export function operationTools(access: McpAccess): readonly McpTool[] {
  const { scope } = callerOf(access);
  const endpoint = covers(scope, callEndpoint.scope) ? callEndpoint : readEndpoint;
  return [...OPERATIONS.filter((operation) => operation !== callEndpoint), describeApi, endpoint]
    .filter((operation) => operation.isTool && covers(scope, operation.scope))
    .filter((operation) => access.view.project === undefined || concernsOneProject(operation))
    .map((operation) => toolOf(operation, access));
}

function concernsOneProject({ input }: Operation): boolean {
  return 'project' in input.shape || 'runId' in input.shape;
}

function toolOf(operation: Operation, access: McpAccess): McpTool {
  const call = confirming(operation, startsRun(operation) ? runCall(operation, access) : plainCall(operation, access));
  return {
    definition: definitionOf(operation, access.view),
    changesProjects: startsRun(operation) || operation.consent !== undefined,
    call: async (given, context) => call(await inView(operation, given, access), context),
  };
}

function runCall(operation: Operation, access: McpAccess): ToolCall {
  return (input, context, isPersons) => callRunOperation(operation, input, { ...context, isPersons }, access);
}

function plainCall(operation: Operation, access: McpAccess): ToolCall {
  return async (input, { request }, isPersons) => {
    const call = { backend: await access.open(), caller: callerOf(access), signal: request.signal, isPersons };
    const { output } = await whileRepeating(progressOf(request), () => callOperation(operation, input, call));
    return answerOf(operation, output);
  };
}

/** The input, held to the one project of the view if there is one. */
async function inView(
  { input }: Operation,
  given: Readonly<Record<string, unknown>>,
  access: McpAccess,
): Promise<Readonly<Record<string, unknown>>> {
  const { project } = access.view;
  if (project === undefined) return given;
  if (typeof given['runId'] === 'string') await requireVisibleRun(access, given['runId']);
  return 'project' in input.shape ? { ...given, project } : given;
}
