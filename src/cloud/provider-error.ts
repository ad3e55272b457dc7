import { TurboError, type FailureCode } from '../domain/errors.ts';
import type { Explanation } from '../domain/fail-as.ts';
import type { Phase } from '../domain/run.ts';

/** What a provider answered instead of what it was asked for, or that it did not answer; its secrets are taken out. */
export class ProviderError extends Error {
  override readonly name = 'ProviderError';
  /** `Fly.io` */
  readonly provider: string;
  /** The HTTP status; undefined when there was no answer. */
  readonly status: number | undefined;
  /** The provider's own word for it: `name_taken`. */
  readonly code: string | undefined;
  /** False only when it is certain that nothing was done. */
  readonly mayBeDone: boolean;

  constructor(
    message: string,
    details: {
      readonly provider: string;
      readonly status?: number | undefined;
      readonly code?: string | undefined;
      readonly mayBeDone: boolean;
      readonly cause?: unknown;
    },
  ) {
    super(message, { cause: details.cause });
    this.provider = details.provider;
    this.status = details.status;
    this.code = details.code;
    this.mayBeDone = details.mayBeDone;
  }
}

/** The variables that hold a provider's key and its address. */
export interface ProviderVariables {
  readonly keyVariable: string;
  readonly urlVariable: string;
}

/** What a provider's answer means for `failAs`: a refused key, an exhausted quota, a provider that is away. */
export function explainProvider(cause: unknown, variables: ProviderVariables): Explanation | undefined {
  return cause instanceof ProviderError ? { code: codeOf(cause), fix: fixOf(cause, variables) } : undefined;
}

/** Undefined for what is the room's own failure. */
function codeOf({ status }: ProviderError): FailureCode | undefined {
  if (status === undefined || status === 408 || status >= 500) return 'PROVIDER_UNAVAILABLE';
  if (status === 401) return 'PROVIDER_KEY_REFUSED';
  if (status === 402 || status === 403 || status === 429) return 'PROVIDER_REFUSED';
  return undefined;
}

function fixOf({ provider, status }: ProviderError, { keyVariable, urlVariable }: ProviderVariables): string {
  if (status === undefined)
    return `Check the network and ${urlVariable}; \`turbobackend doctor\` asks ${provider} again.`;
  if (status < 400) return `Check ${urlVariable}: it has to be the address of the API of ${provider}.`;
  if (status === 401) return `Check ${keyVariable}: ${provider} does not know it, or it has run out.`;
  if (status === 402) return `The account at ${provider} has to be paid, or its limit raised.`;
  if (status === 403)
    return `Give the key in ${keyVariable} the rights that docs/deploy.md lists, or raise the account's limits.`;
  if (status === 429)
    return `${provider} limits how much is asked of it: run it again later, or raise the account's limits.`;
  if (status >= 500 || status === 408) return `${provider} has trouble of its own: run it again later.`;
  return `Mend what ${provider} says, then run it again; docs/deploy.md says what its key needs.`;
}

/** A resource of the derived name that does not bear our mark: it is left alone. */
export function notOurs(provider: string, resource: string, phase: Phase): TurboError {
  return new TurboError('RESOURCE_NOT_OURS', `${resource} exists at ${provider}, and it is not this project's`, {
    phase,
    fix: 'Nothing of it was touched. Rename or remove it there, or create the project again: its name will be another.',
  });
}
