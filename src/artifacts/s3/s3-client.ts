import type { S3 } from '@aws-sdk/client-s3';
import { Secret } from '../../domain/secret.ts';
import { isAmazon, type S3Credentials, type S3Settings } from './s3-settings.ts';

const CONNECT_TIMEOUT_MS = 5000;
const TIMEOUT_MS = 60_000;
const ATTEMPTS = 4;

const SILENT = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

/**
 * The SDK's client, which repeats what may be repeated. Asks nobody but the endpoint when it is given a key; when it is
 * not, the machine's own key is looked for here, so that its absence is told as such and its secret is known.
 */
export async function openS3Client(settings: S3Settings): Promise<S3> {
  const { S3: Client } = await import('@aws-sdk/client-s3');
  const { endpoint, region, credentials, redactor } = settings;
  const checksums = settings.checksums === 'when-supported' ? 'WHEN_SUPPORTED' : 'WHEN_REQUIRED';
  const client = new Client({
    region,
    // Other servers rarely have a host name for each bucket.
    ...(endpoint !== undefined && { endpoint, forcePathStyle: !isAmazon(settings) }),
    ...(credentials && { credentials: reveal(credentials) }),
    // Of the other mode, «auto», the SDK would ask the machine's own address for metadata.
    defaultsMode: 'standard',
    retryMode: 'standard',
    maxAttempts: settings.maxAttempts ?? ATTEMPTS,
    followRegionRedirects: false,
    requestChecksumCalculation: checksums,
    responseChecksumValidation: checksums,
    requestHandler: {
      connectionTimeout: settings.connectTimeoutMs ?? CONNECT_TIMEOUT_MS,
      requestTimeout: settings.timeoutMs ?? TIMEOUT_MS,
      socketTimeout: settings.timeoutMs ?? TIMEOUT_MS,
      throwOnRequestTimeout: true,
    },
    logger: SILENT,
  });
  if (credentials) redactor.add(...secretsOf(credentials));
  else {
    const { secretAccessKey, sessionToken } = await client.config.credentials();
    redactor.add(
      ...[secretAccessKey, sessionToken].filter((text) => text !== undefined).map((text) => new Secret(text)),
    );
  }
  return client;
}

function reveal({ accessKeyId, secretAccessKey, sessionToken }: S3Credentials): {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
} {
  return {
    accessKeyId,
    secretAccessKey: secretAccessKey.reveal(),
    ...(sessionToken && { sessionToken: sessionToken.reveal() }),
  };
}

function secretsOf({ secretAccessKey, sessionToken }: S3Credentials): readonly Secret[] {
  return sessionToken ? [secretAccessKey, sessionToken] : [secretAccessKey];
}
