import { z } from 'zod';
import { Secret } from '../domain/secret.ts';
import { isLoopback, isLoopbackUrl } from '../domain/loopback.ts';

const secret = z
  .string()
  .min(1)
  .transform((value) => new Secret(value));

/** An address that keys are sent to: encrypted, but on this machine itself. Without a trailing slash. */
const address = z
  .url({ protocol: /^https?$/ })
  .refine((url) => url.startsWith('https:') || isLoopbackUrl(url), 'must be https, as a key is sent there')
  .transform((url) => url.replace(/\/+$/, ''));

const daytona = z
  .object({
    DAYTONA_API_KEY: secret,
    DAYTONA_API_URL: address.default('https://app.daytona.io/api'),
    DAYTONA_TARGET: z.string().min(1).optional(),
    DAYTONA_IMAGE: z
      .string()
      .regex(/^[\w./:@-]+$/)
      .default('node:24-slim'),
    DAYTONA_SNAPSHOT: z.string().min(1).optional(),
  })
  .transform((env) => ({
    apiKey: env.DAYTONA_API_KEY,
    apiUrl: env.DAYTONA_API_URL,
    target: env.DAYTONA_TARGET,
    image: env.DAYTONA_IMAGE,
    snapshot: env.DAYTONA_SNAPSHOT,
  }));

const github = z
  .object({
    GITHUB_TOKEN: secret,
    GITHUB_OWNER: z.string().min(1).optional(),
    GITHUB_API_URL: address.default('https://api.github.com'),
  })
  .transform((env) => ({ token: env.GITHUB_TOKEN, owner: env.GITHUB_OWNER, apiUrl: env.GITHUB_API_URL }));

const s3 = z
  .object({
    S3_BUCKET: z.string().min(3),
    S3_REGION: z.string().min(1).optional(),
    S3_ENDPOINT: address.optional(),
    S3_CHECKSUMS: z.enum(['when-supported', 'when-required']).optional(),
    AWS_REGION: z.string().min(1).optional(),
    AWS_ACCESS_KEY_ID: z.string().min(1).optional(),
    AWS_SECRET_ACCESS_KEY: secret.optional(),
    AWS_SESSION_TOKEN: secret.optional(),
  })
  .refine((env) => (env.AWS_ACCESS_KEY_ID === undefined) === (env.AWS_SECRET_ACCESS_KEY === undefined), {
    path: ['AWS_SECRET_ACCESS_KEY'],
    message: 'set both AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or neither',
  })
  .transform((env) => ({
    bucket: env.S3_BUCKET,
    region: env.S3_REGION ?? env.AWS_REGION ?? 'us-east-1',
    endpoint: env.S3_ENDPOINT,
    // Other servers than Amazon's rarely know the newer checksums.
    checksums: env.S3_CHECKSUMS ?? (env.S3_ENDPOINT === undefined ? 'when-supported' : 'when-required'),
    credentials:
      env.AWS_ACCESS_KEY_ID === undefined || env.AWS_SECRET_ACCESS_KEY === undefined
        ? undefined
        : {
            accessKeyId: env.AWS_ACCESS_KEY_ID,
            secretAccessKey: env.AWS_SECRET_ACCESS_KEY,
            sessionToken: env.AWS_SESSION_TOKEN,
          },
  }));

const MACHINES_API = 'https://api.machines.dev';

const fly = z
  .object({
    FLY_API_TOKEN: secret,
    FLY_ORG: z.string().min(1).default('personal'),
    FLY_REGION: z.string().min(1).default('iad'),
    FLY_API_URL: address.default(MACHINES_API),
    FLY_REGISTRY_URL: address.default('https://registry.fly.io'),
    FLY_BASE_IMAGE: z
      .string()
      .regex(/^[\w.-]+(?::\d+)?\/[\w./-]+(?::[\w.-]+|@sha256:[0-9a-f]{64})$/, 'must name host, repository and tag')
      .default('docker.io/library/node:24-slim'),
    FLY_APP_URL: z
      .string()
      .regex(/^https?:\/\//)
      .default('https://{app}.fly.dev'),
    FLY_LOGS_URL: address.optional(),
  })
  .transform((env) => ({
    token: env.FLY_API_TOKEN,
    org: env.FLY_ORG,
    region: env.FLY_REGION,
    apiUrl: env.FLY_API_URL.replace(/\/v1$/, ''),
    registryUrl: env.FLY_REGISTRY_URL,
    baseImage: env.FLY_BASE_IMAGE,
    /** `{app}` stands for the app's name. */
    appUrl: env.FLY_APP_URL.replace(/\/+$/, ''),
    // Not part of the Machines API: who stands in for that one need not have them.
    logsUrl: env.FLY_LOGS_URL ?? (env.FLY_API_URL.startsWith(MACHINES_API) ? 'https://api.fly.io' : undefined),
  }));

const PROVIDERS = { daytona, github, s3, fly };

/** What has to be set for a provider to be used; a project that was made there can then be removed, chosen or not. */
const NEEDED = {
  daytona: 'DAYTONA_API_KEY',
  github: 'GITHUB_TOKEN',
  s3: 'S3_BUCKET',
  fly: 'FLY_API_TOKEN',
} as const;

export type ProviderName = keyof typeof PROVIDERS;

export type ProviderSettings = { readonly [Name in ProviderName]: z.output<(typeof PROVIDERS)[Name]> };

/** The settings of each provider that is chosen or whose key is there. `read` rejects for a chosen one that lacks something. */
export function readProviders(
  environment: Readonly<Record<string, string | undefined>>,
  chosen: readonly string[],
  read: <T>(settings: z.ZodType<T>, environment: object) => T,
): Partial<ProviderSettings> {
  const entries = (Object.keys(PROVIDERS) as ProviderName[]).flatMap((name) => {
    if (chosen.includes(name)) return [[name, read<unknown>(PROVIDERS[name], environment)]];
    if (environment[NEEDED[name]] === undefined) return [];
    const { data } = PROVIDERS[name].safeParse(environment);
    return data ? [[name, data]] : [];
  });
  return Object.fromEntries(entries) as Partial<ProviderSettings>;
}

/** The variable that brings a provider's settings, for who is told that they are missing. */
export function neededFor(provider: ProviderName): string {
  return NEEDED[provider];
}

/**
 * Why a backend at a provider could not reach the cluster; undefined when nothing speaks against it. A provider that
 * stands on this machine reaches what listens on this machine.
 */
export function unreachable(
  cluster: { readonly kind: 'embedded' } | { readonly kind: 'given'; readonly host: string },
  provider: { readonly variable: string; readonly apiUrl: string },
): string | undefined {
  if (cluster.kind === 'embedded')
    return `${provider.variable} needs a Postgres that it can reach; the embedded one it cannot`;
  if (isLoopback(cluster.host) && !isLoopbackUrl(provider.apiUrl)) {
    return `${provider.variable} cannot reach DB_CLUSTER_HOST=${cluster.host}, which is this machine's alone`;
  }
  return undefined;
}
