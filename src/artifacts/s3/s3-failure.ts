import { explainProvider, ProviderError } from '../../cloud/provider-error.ts';
import { TurboError, type FailureCode } from '../../domain/errors.ts';
import type { Explanation } from '../../domain/fail-as.ts';
import { hostOf, type S3Settings } from './s3-settings.ts';

const PROVIDER = 'S3';
const LONGEST_REASON = 500;

/** Where the bucket lies elsewhere than S3_REGION says. */
const WRONG_REGION = ['PermanentRedirect', 'AuthorizationHeaderMalformed', 'IllegalLocationConstraintException'];

/** What can be explained better than by the status alone. */
const MEANINGS: Readonly<Record<string, readonly [code: FailureCode, fix: (settings: S3Settings) => string]>> = {
  InvalidAccessKeyId: ['PROVIDER_KEY_REFUSED', () => 'Check AWS_ACCESS_KEY_ID: S3 does not know it.'],
  SignatureDoesNotMatch: [
    'PROVIDER_KEY_REFUSED',
    () => 'Check AWS_SECRET_ACCESS_KEY: it is not the one that belongs to AWS_ACCESS_KEY_ID.',
  ],
  ExpiredToken: ['PROVIDER_KEY_REFUSED', () => 'AWS_SESSION_TOKEN has run out: get temporary keys anew.'],
  InvalidToken: ['PROVIDER_KEY_REFUSED', () => 'Check AWS_SESSION_TOKEN: it does not belong to AWS_ACCESS_KEY_ID.'],
  RequestTimeTooSkewed: [
    'PROVIDER_REFUSED',
    () => "Set this machine's clock: S3 takes no request that is 15 minutes off.",
  ],
  NoSuchBucket: [
    'PUBLISH_FAILED',
    ({ bucket }) => `Check S3_BUCKET and S3_ENDPOINT, or make the bucket ${bucket}: at Amazon that is left to you.`,
  ],
  NotImplemented: [
    'PUBLISH_FAILED',
    () => 'Set S3_CHECKSUMS=when-required: the server at S3_ENDPOINT is an older one.',
  ],
};

/** The SDK's error as one that may be shown: it holds neither the request, with its signature, nor the answer. */
export function toProviderError(error: unknown, settings: S3Settings): ProviderError | TurboError {
  if (error instanceof ProviderError || error instanceof TurboError) return error;
  const { name, message, code, status, bucketRegion } = readSdkError(error);
  const redact = (text: string): string => settings.redactor.redact(text.slice(0, LONGEST_REASON));
  if (name === 'CredentialsProviderError') return noCredentials(redact(message));
  if (status === undefined) {
    const why = redact(name === 'AbortError' ? 'no answer in time' : (code ?? message));
    const text = `${PROVIDER} cannot be reached at ${hostOf(settings)} (${why})`;
    return new ProviderError(text, { provider: PROVIDER, mayBeDone: true });
  }
  if (status < 300) {
    const text = `What answered at ${hostOf(settings)} does not speak ${PROVIDER}'s language`;
    return new ProviderError(text, { provider: PROVIDER, status, code: 'NotS3', mayBeDone: true });
  }
  const elsewhere = bucketRegion !== undefined && bucketRegion !== settings.region;
  const word = elsewhere && status < 404 && status !== 403 ? 'PermanentRedirect' : wordOf(name);
  const reason = [word, elsewhere ? `the bucket lies in ${bucketRegion}` : message].filter(Boolean).join(': ');
  return new ProviderError(`${PROVIDER} answered ${status} ${redact(reason)}`.trim(), {
    provider: PROVIDER,
    status,
    code: word,
    mayBeDone: status >= 500,
  });
}

/** What the bucket's failures mean for `failAs`. */
export function explainS3(cause: unknown, settings: S3Settings): Explanation | undefined {
  const [code, fix] = (cause instanceof ProviderError && meaningOf(cause)) || [];
  if (code !== undefined && fix !== undefined) return { code, fix: fix(settings) };
  const urlVariable = settings.endpoint === undefined ? 'S3_REGION' : 'S3_ENDPOINT';
  return explainProvider(cause, { keyVariable: 'AWS_ACCESS_KEY_ID', urlVariable });
}

function meaningOf({ code = '', status }: ProviderError): (typeof MEANINGS)[string] | undefined {
  if (status === 301 || WRONG_REGION.includes(code)) {
    return ['PUBLISH_FAILED', ({ region }) => `Set S3_REGION to where the bucket lies; ${region} it is not.`];
  }
  if (code === 'NotS3')
    return ['PUBLISH_FAILED', () => 'Check S3_ENDPOINT: it has to be the address of the S3 interface.'];
  return MEANINGS[code];
}

function noCredentials(reason: string): TurboError {
  return new TurboError('CONFIG_INVALID', `There is no key for ${PROVIDER}: ${reason}`, {
    phase: 'publish',
    fix: 'Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE, or run where the machine has a role.',
  });
}

interface SdkError {
  readonly name: string;
  readonly message: string;
  /** Of the connection: `ECONNREFUSED`. */
  readonly code: string | undefined;
  readonly status: number | undefined;
  readonly bucketRegion: string | undefined;
}

function readSdkError(error: unknown): SdkError {
  const { name, message, code, Region, $metadata, $response } = error as Record<string, unknown> & {
    readonly $metadata?: { readonly httpStatusCode?: number };
    readonly $response?: { readonly statusCode?: number; readonly headers?: Readonly<Record<string, string>> };
  };
  return {
    name: String(name),
    message: wordOf(String(message)) ?? '',
    code: typeof code === 'string' ? code : undefined,
    status: $metadata?.httpStatusCode ?? $response?.statusCode,
    bucketRegion: typeof Region === 'string' ? Region : $response?.headers?.['x-amz-bucket-region'],
  };
}

/** An answer to HEAD has no body, so the SDK has no word for it. */
function wordOf(name: string): string | undefined {
  return /^(?:\d+|Error|UnknownError|Unknown)$/.test(name) ? undefined : name;
}
