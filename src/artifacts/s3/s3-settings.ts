import type { Redactor } from '../../domain/redactor.ts';
import type { Secret } from '../../domain/secret.ts';

export interface S3Settings {
  readonly bucket: string;
  readonly region: string;
  /** Of a server other than Amazon's. Without it nothing but Amazon's is asked. */
  readonly endpoint?: string | undefined;
  /** Whether every request carries a checksum of the newer kinds, which few other servers know. */
  readonly checksums: 'when-supported' | 'when-required';
  /** Without them, those that the machine has: AWS_PROFILE, a shared credentials file, an instance's role. */
  readonly credentials?: S3Credentials | undefined;
  /** 8 characters of [0-9a-z]. */
  readonly installationId: string;
  readonly redactor: Redactor;
  /** Until a connection stands. Default: 5000. */
  readonly connectTimeoutMs?: number | undefined;
  /** For one try. Default: 60 000. */
  readonly timeoutMs?: number | undefined;
  /** For all tries of one request. Default: 180 000. */
  readonly budgetMs?: number | undefined;
  /** Of a request that may work when it is repeated. Default: 4. */
  readonly maxAttempts?: number | undefined;
}

export interface S3Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: Secret;
  readonly sessionToken?: Secret | undefined;
}

/** Whether it is Amazon's own S3, where buckets are made by people and what is stored is encrypted. */
export function isAmazon({ endpoint }: S3Settings): boolean {
  return endpoint === undefined || /\.amazonaws\.com(?:\.cn)?$/.test(new URL(endpoint).hostname);
}

/** Who is asked, for messages. */
export function hostOf({ endpoint, region }: S3Settings): string {
  return endpoint === undefined ? `s3.${region}.amazonaws.com` : new URL(endpoint).host;
}
