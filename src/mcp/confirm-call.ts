import { type ElicitRequestFormParams, inputRequired, inputResponse } from '@modelcontextprotocol/server';
import { TurboError } from '../domain/errors.ts';
import type { Operation } from '../operations/operation.ts';
import type { McpTool, ToolAnswer, ToolContext } from './mcp-tool.ts';

type Input = Readonly<Record<string, unknown>>;

/** `isPersons`: whether the user was asked for what the input agrees to. */
export type ToolCall = (input: Input, context: ToolContext, isPersons: boolean) => Promise<ToolAnswer>;

const CONFIRMATION = 'confirm';

/**
 * What takes a person's consent gets it from the user, who is asked once for a call; what a model has typed counts for
 * nothing. Where the client cannot ask, the user is to run a command.
 */
export function confirming({ consent }: Operation, call: ToolCall): McpTool['call'] {
  if (!consent) return (input, context) => call(input, context, false);
  return async (given, context) => {
    const own = Object.fromEntries(Object.entries(given).filter(([field]) => !consent.fields.includes(field)));
    const response = inputResponse(context.request.inputResponses, CONFIRMATION);
    if (!context.client.canAsk || response.kind !== 'elicit')
      return await askFirst(call, own, context, consent.command(own));
    if (response.action !== 'accept') {
      throw new TurboError('CONFIRMATION_NEEDED', 'The user has declined; nothing was done', {
        fix: 'Do not try again unless the user asks for it.',
      });
    }
    return call({ ...own, ...consent.given(response.content?.[CONFIRMATION]) }, context, true);
  };
}

/** Calls without consent, to hear whether and to what it is needed. */
async function askFirst(call: ToolCall, input: Input, context: ToolContext, command: string): Promise<ToolAnswer> {
  try {
    return await call(input, context, false);
  } catch (error) {
    if (!(error instanceof TurboError) || error.code !== 'CONFIRMATION_NEEDED') throw error;
    if (!context.client.canAsk) throw notHere(error, command);
    return inputRequired({ inputRequests: { [CONFIRMATION]: inputRequired.elicit(question(error.message)) } });
  }
}

function notHere({ message }: TurboError, command: string): TurboError {
  return new TurboError(
    'CONFIRMATION_NEEDED',
    `${message}. Only the user can agree to it, and this client cannot ask; in a terminal they run: ${command}`,
    { fix: 'Show the user what it says and the command, and go on when they have run it. Never run it yourself.' },
  );
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
