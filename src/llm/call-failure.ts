import { TurboError, type FailureCode } from '../domain/errors.ts';
import type { ModelProvider, ModelRequest } from './model-call.ts';
import { KEY_VARIABLES } from './model-settings.ts';
import { quoteProvider } from './quote-provider.ts';

/** Why a call brought no answer, and what may be done about it. */
export interface CallFailure {
  readonly error: TurboError;
  /** How often the same call may be made in all. */
  readonly tries: number;
  /** How long the provider wants to be left alone. */
  readonly retryAfterMs?: number | undefined;
  /** The provider may have worked, and may charge for it. */
  readonly maybeBilled: boolean;
  /** The server takes no JSON schema; the call may be made without one. */
  readonly refusesShape: boolean;
}

/** The cause of a failure of which nobody knows whether it is billed: the call was sent, and no answer came. */
export const MAYBE_BILLED = { maybeBilled: true } as const;

export interface CalledModel {
  readonly provider: ModelProvider;
  readonly model: string;
}

const PATIENT = 5;
const ONCE_MORE = 2;

const OVERFLOW =
  /context[_ ]length|maximum (prompt|context)|prompt is too long|input is too long|exceeds? the (maximum number of tokens|available context|model'?s context)|exceed_context|too many (input )?tokens|context window/i;
const NO_CREDIT =
  /insufficient[_ ](quota|credit|fund|balance)|credit balance|out of credit|available credits|payment required|spending limit/i;
const BAD_KEY = /api[ _-]?key|invalid x-api-key|authenticat|unauthori[sz]ed/i;
const NO_SUCH_MODEL =
  /model.{0,80}(not found|does not exist|not exist|unknown|not supported|no access)|no such model|unknown model/i;
const FILTERED = /content[ _-]?(filter|policy)|moderation|flagged|safety|usage policies/i;
const NEVER_CONNECTED = /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT)$/;
const SHAPE = /response[_ ]format|json[_ ]?schema|structured[ _]output|output_config|text\.format|grammar|guided/i;

/** What an attempt threw, put into our words: no error of the SDK goes further, as it carries the whole request. */
export function explainFailure(thrown: unknown, request: ModelRequest, called: CalledModel): CallFailure {
  const { statusCode, responseHeaders, responseBody } = thrown as Thrown;
  const failure = { tries: 1, maybeBilled: false, refusesShape: false };
  if (statusCode === undefined) return { ...failure, ...withoutStatus(thrown, called) };
  if (statusCode < 400) return { ...failure, ...unreadable(thrown, called) };

  const text = `${thrown instanceof Error ? thrown.message : ''} ${responseBody ?? ''}`.slice(0, 20_000);
  const said = quoteProvider(thrown, request);
  const { code, message, fix } = nameOf(statusCode, text, called);
  const busy = code === 'MODEL_UNAVAILABLE';
  return {
    ...failure,
    error: new TurboError(code, `${message} (${[statusCode, said].filter(Boolean).join(': ')})`, { fix }),
    tries: busy ? PATIENT : 1,
    retryAfterMs: busy ? retryAfterMs(responseHeaders ?? {}) : undefined,
    refusesShape: request.shape !== undefined && statusCode < 502 && SHAPE.test(text),
  };
}

/** The parts of the SDK's error that are looked at. */
interface Thrown {
  readonly statusCode?: number;
  readonly responseHeaders?: Readonly<Record<string, string>>;
  readonly responseBody?: string;
  readonly isRetryable?: boolean;
}

interface Named {
  readonly code: FailureCode;
  readonly message: string;
  readonly fix: string;
}

function nameOf(status: number, text: string, { provider, model }: CalledModel): Named {
  const variable = KEY_VARIABLES[provider];
  if (status === 413 || OVERFLOW.test(text)) {
    return {
      code: 'MODEL_INPUT_TOO_LONG',
      message: `The request is longer than ${model} can read`,
      fix: 'Shorten the prompt, or use a model with a longer context.',
    };
  }
  if (status === 402 || NO_CREDIT.test(text)) {
    return {
      code: 'MODEL_KEY_REFUSED',
      message: `The account behind ${variable} has no credit at ${provider}`,
      fix: 'Add credit to the account, or set a key of another provider.',
    };
  }
  if (status === 403 && FILTERED.test(text)) return filtered(provider);
  if (status === 401 || status === 403 || (status === 400 && BAD_KEY.test(text))) {
    return {
      code: 'MODEL_KEY_REFUSED',
      message: `${provider} does not accept the key in ${variable}`,
      fix: `Set ${variable} to a valid key, or unset it to plan without a model.`,
    };
  }
  if (status === 404 || (status < 500 && NO_SUCH_MODEL.test(text))) {
    return {
      code: 'CONFIG_INVALID',
      message: `${provider} has no model ${model}, or nothing is at its address`,
      fix: 'Set TURBOBACKEND_LLM_MODEL, and TURBOBACKEND_LLM_BASE_URL if the server is your own.',
    };
  }
  if (status >= 500 || [408, 409, 425, 429].includes(status)) {
    return {
      code: 'MODEL_UNAVAILABLE',
      message: `${provider} could not answer`,
      fix: 'Try again in a while, or set a key of another provider.',
    };
  }
  if (FILTERED.test(text)) return filtered(provider);
  return {
    code: 'MODEL_REFUSED',
    message: `${provider} did not take the request`,
    fix: 'Use another model with TURBOBACKEND_LLM_MODEL.',
  };
}

function filtered(provider: ModelProvider): Named {
  return {
    code: 'MODEL_REFUSED',
    message: `${provider} filtered the request`,
    fix: 'Say it in other words, or use another model.',
  };
}

/** No connection, or one that broke. Anything else is the SDK's own complaint about what it was given or got. */
function withoutStatus(thrown: unknown, called: CalledModel): Pick<CallFailure, 'error' | 'tries' | 'maybeBilled'> {
  if ((thrown as Thrown).isRetryable === undefined) return unreadable(thrown, called);
  return {
    error: new TurboError('MODEL_UNAVAILABLE', `${called.provider} could not be reached`, {
      fix: 'Look at the network and at TURBOBACKEND_LLM_BASE_URL, then try again.',
    }),
    tries: PATIENT,
    maybeBilled: !chainOf(thrown).some(({ code }) => NEVER_CONNECTED.test(String(code))),
  };
}

/** The call went through, and what came back broke off or is not what the provider's API promises. */
function unreadable(thrown: unknown, { provider }: CalledModel): Pick<CallFailure, 'error' | 'tries' | 'maybeBilled'> {
  const misread = chainOf(thrown).some(({ name }) =>
    /JSONParse|TypeValidation|InvalidResponse|NoContent|EmptyResponse/.test(name),
  );
  const error = misread
    ? new TurboError('MODEL_ANSWER_UNUSABLE', `The answer of ${provider} is not what its API promises`, {
        fix: 'Try again; if it stays so, look at TURBOBACKEND_LLM_BASE_URL.',
      })
    : new TurboError('MODEL_UNAVAILABLE', `The answer of ${provider} broke off`, { fix: 'Try again.' });
  return { error, tries: ONCE_MORE, maybeBilled: true };
}

/** An error and what caused it. */
function chainOf(thrown: unknown): readonly { readonly name: string; readonly code?: unknown }[] {
  if (!(thrown instanceof Error)) return [];
  const inner = thrown instanceof AggregateError ? thrown.errors : [thrown.cause];
  return [thrown, ...inner.flatMap(chainOf)];
}

/** `Retry-After` in seconds or as a date, and the finer header that some providers send along. */
function retryAfterMs(headers: Readonly<Record<string, string>>): number | undefined {
  const milliseconds = Number.parseFloat(headers['retry-after-ms'] ?? '');
  if (milliseconds >= 0) return milliseconds;
  const value = headers['retry-after'] ?? '';
  const wait = /^\s*\d+(\.\d+)?\s*$/.test(value) ? Number(value) * 1000 : Date.parse(value) - Date.now();
  return Number.isNaN(wait) ? undefined : Math.max(0, wait);
}
