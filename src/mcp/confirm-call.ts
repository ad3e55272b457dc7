import { type ElicitRequestFormParams, inputRequired, inputResponse } from '@modelcontextprotocol/server';
import { TurboError } from '../domain/errors.ts';
import type { Operation } from '../operations/operation.ts';
import type { McpTool, ToolAnswer, ToolContext } from './mcp-tool.ts';

const CONFIRMATION = 'confirm';

/**
 * An operation that wants a confirmation gets it from the user where the client can ask: what a model has typed counts
 * only where it cannot. The user is asked once for a call.
 */
export function confirming(operation: Operation, call: McpTool['call']): McpTool['call'] {
  if (!needsConfirmation(operation)) return call;
  return async (input, context) => {
    if (!context.client.canAsk) return call(input, context);
    const { confirm: _typedByModel, ...rest } = input;
    const response = inputResponse(context.request.inputResponses, CONFIRMATION);
    if (response.kind !== 'elicit') return await askFirst(call, rest, context);
    if (response.action !== 'accept') {
      throw new TurboError('CONFIRMATION_NEEDED', 'The user has declined; nothing was deleted', {
        fix: 'Do not try again unless the user asks for it.',
      });
    }
    return call({ ...rest, confirm: response.content?.[CONFIRMATION] }, context);
  };
}

export function needsConfirmation({ input }: Operation): boolean {
  return CONFIRMATION in input.shape;
}

/** Calls without a confirmation, to hear what is to be confirmed. */
async function askFirst(
  call: McpTool['call'],
  input: Readonly<Record<string, unknown>>,
  context: ToolContext,
): Promise<ToolAnswer> {
  try {
    return await call(input, context);
  } catch (error) {
    if (!(error instanceof TurboError) || error.code !== 'CONFIRMATION_NEEDED') throw error;
    return inputRequired({ inputRequests: { [CONFIRMATION]: inputRequired.elicit(question(error.message)) } });
  }
}

function question(what: string): ElicitRequestFormParams {
  return {
    message: `${what}. Type the name of the project.`,
    requestedSchema: {
      type: 'object',
      properties: { [CONFIRMATION]: { type: 'string', title: 'Name of the project' } },
      required: [CONFIRMATION],
    },
  };
}
