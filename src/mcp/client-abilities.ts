import {
  CLIENT_CAPABILITIES_META_KEY,
  type ClientCapabilities,
  type ServerContext,
} from '@modelcontextprotocol/server';

export const TASKS_EXTENSION = 'io.modelcontextprotocol/tasks';

/** What the client that calls can do besides calling. */
export interface ClientAbilities {
  /** It can put a question to its user. */
  readonly canAsk: boolean;
  /** It takes a task for an answer and asks for its outcome later. */
  readonly canWait: boolean;
}

/** What a request says its client can do, or what the client said when it connected: before 2026 it says it only then. */
export function abilitiesOf(
  { envelope }: Pick<ServerContext['mcpReq'], 'envelope'>,
  declared: ClientCapabilities | undefined,
): ClientAbilities {
  const own = (envelope as Readonly<Record<string, unknown>> | undefined)?.[CLIENT_CAPABILITIES_META_KEY] as
    | ClientCapabilities
    | undefined;
  const { elicitation } = own ?? declared ?? {};
  return {
    // Without a word about forms or URLs, forms are meant.
    canAsk: elicitation !== undefined && (elicitation.form !== undefined || elicitation.url === undefined),
    canWait: own?.extensions?.[TASKS_EXTENSION] !== undefined,
  };
}
