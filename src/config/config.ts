import { homedir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { TurboError } from '../domain/errors.ts';
import { Secret } from '../domain/secret.ts';
import { isLoopback } from '../domain/loopback.ts';
import { modelSettings, type ModelSettings } from './model-settings.ts';
import { readProviders, unreachable, type ProviderSettings } from './provider-settings.ts';

const secret = z
  .string()
  .min(1)
  .transform((value) => new Secret(value));

// 32 bytes, so that nothing has to be made of a password first.
const secretKey = z
  .string()
  .refine((text) => Buffer.from(text, 'base64').length === 32, 'must be 32 bytes in base64: openssl rand -base64 32')
  .transform((value) => new Secret(value));

const port = z.coerce.number().int().min(1).max(65_535);

const flag = z.enum(['0', '1', 'false', 'true']).transform((value) => value === '1' || value === 'true');

// Keyed by the variables' own names, so that a complaint names what the user has to set.
const generalSettings = z
  .object({
    TURBOBACKEND_HOME: z.string().min(1).optional(),
    XDG_DATA_HOME: z.string().min(1).optional(),
    HOME: z.string().min(1).optional(),
    TURBOBACKEND_MAX_RUNS: z.coerce.number().int().min(1).max(64).default(4),
    TURBOBACKEND_MAX_RUNS_PER_OWNER: z.coerce.number().int().min(1).max(64).default(16),
    TURBOBACKEND_KEEP_DAYS: z.coerce.number().int().min(1).max(36_500).default(90),
    // The last three are kept whatever is said here.
    TURBOBACKEND_SNAPSHOTS: z.coerce.number().int().min(3).max(1000).default(5),
    TURBOBACKEND_SNAPSHOTS_MB: z.coerce.number().int().min(1).max(100_000_000).default(10_000),
    TURBOBACKEND_SECRET_KEY: secretKey.optional(),
    TURBOBACKEND_SANDBOX: z.enum(['local', 'daytona']).default('local'),
    TURBOBACKEND_SOURCE: z.enum(['local', 'github']).default('local'),
    TURBOBACKEND_ARTIFACTS: z.enum(['folder', 's3']).default('folder'),
    TURBOBACKEND_DEPLOY: z.enum(['local', 'fly']).default('local'),
  })
  .transform((env) => ({
    home:
      env.TURBOBACKEND_HOME ??
      join(env.XDG_DATA_HOME ?? join(env.HOME ?? homedir(), '.local', 'share'), 'turbobackend'),
    maxRuns: env.TURBOBACKEND_MAX_RUNS,
    maxRunsPerOwner: env.TURBOBACKEND_MAX_RUNS_PER_OWNER,
    keepDays: env.TURBOBACKEND_KEEP_DAYS,
    snapshots: { count: env.TURBOBACKEND_SNAPSHOTS, totalBytes: env.TURBOBACKEND_SNAPSHOTS_MB * 1_000_000 },
    secretKey: env.TURBOBACKEND_SECRET_KEY,
    placement: {
      sandbox: env.TURBOBACKEND_SANDBOX,
      source: env.TURBOBACKEND_SOURCE,
      artifacts: env.TURBOBACKEND_ARTIFACTS,
      deploy: env.TURBOBACKEND_DEPLOY,
    },
  }));

const httpSettings = z
  .object({
    TURBOBACKEND_HOST: z.string().min(1).default('127.0.0.1'),
    TURBOBACKEND_PORT: z.coerce.number().int().min(0).max(65_535).default(4300),
    TURBOBACKEND_REQUIRE_KEY: flag.optional(),
    TURBOBACKEND_PUBLIC_URL: z.url({ protocol: /^https?$/ }).optional(),
    TURBOBACKEND_REQUESTS_PER_MINUTE: z.coerce.number().int().min(1).max(1_000_000).default(1200),
  })
  .transform((env) => ({
    host: env.TURBOBACKEND_HOST,
    port: env.TURBOBACKEND_PORT,
    // Who reaches an address of this machine alone is its user; from elsewhere, also by way of a proxy, anybody calls.
    requireKey:
      env.TURBOBACKEND_REQUIRE_KEY === true ||
      !isLoopback(env.TURBOBACKEND_HOST) ||
      (env.TURBOBACKEND_PUBLIC_URL !== undefined && !isLoopback(new URL(env.TURBOBACKEND_PUBLIC_URL).hostname)),
    publicUrl: env.TURBOBACKEND_PUBLIC_URL,
    requestsPerMinute: env.TURBOBACKEND_REQUESTS_PER_MINUTE,
  }));

/** How the HTTP API is served. */
type HttpSettings = z.infer<typeof httpSettings>;

const CLUSTER_VARIABLES = ['DB_CLUSTER_HOST', 'DB_CLUSTER_PORT', 'DB_CLUSTER_USER', 'DB_CLUSTER_PASSWORD'] as const;

const givenCluster = z
  .object({
    DB_CLUSTER_HOST: z.string().min(1),
    DB_CLUSTER_PORT: port.default(5432),
    DB_CLUSTER_USER: z.string().min(1),
    DB_CLUSTER_PASSWORD: secret,
    DB_CLUSTER_TLS: z.enum(['off', 'verify']).optional(),
    DB_CLUSTER_CA_FILE: z.string().min(1).optional(),
  })
  .transform((env) => ({
    kind: 'given' as const,
    host: env.DB_CLUSTER_HOST,
    port: env.DB_CLUSTER_PORT,
    user: env.DB_CLUSTER_USER,
    password: env.DB_CLUSTER_PASSWORD,
    // Off only where the traffic does not leave the machine, and nobody named whom to trust.
    tls:
      env.DB_CLUSTER_TLS ??
      (isLoopback(env.DB_CLUSTER_HOST) && env.DB_CLUSTER_CA_FILE === undefined
        ? ('off' as const)
        : ('verify' as const)),
    caFile: env.DB_CLUSTER_CA_FILE,
  }));

/** The Postgres that project databases live in: one of ours, or one that was given. */
type ClusterSettings = { readonly kind: 'embedded' } | z.infer<typeof givenCluster>;

export interface Config extends z.infer<typeof generalSettings> {
  readonly cluster: ClusterSettings;
  /** Those that are chosen, and those that an earlier project may live at. */
  readonly providers: Partial<ProviderSettings>;
  readonly planner: 'builtin' | 'llm';
  readonly model: ModelSettings;
  readonly http: HttpSettings;
}

/** Settings from the environment. Every unset one has an embedded default, so `loadConfig({})` is a working setup. */
export function loadConfig(environment: Readonly<Record<string, string | undefined>>): Config {
  const given = Object.fromEntries(
    Object.entries(environment).filter(([, value]) => value !== undefined && value !== ''),
  );
  const wantsCluster = CLUSTER_VARIABLES.some((name) => given[name] !== undefined);
  const model = read(modelSettings, given);
  const general = read(generalSettings, given);
  const cluster: ClusterSettings = wantsCluster ? read(givenCluster, given) : { kind: 'embedded' };
  const providers = readProviders(given, Object.values(general.placement), read);
  requireReach(cluster, general.placement, providers);
  return {
    ...general,
    planner: model.choice ? 'llm' : 'builtin',
    model,
    cluster,
    providers,
    http: read(httpSettings, given),
  };
}

/** A backend away from this machine has to reach its database; said before anything is made. */
function requireReach(
  cluster: ClusterSettings,
  { sandbox, deploy }: Config['placement'],
  { daytona, fly }: Partial<ProviderSettings>,
): void {
  const problems = [
    sandbox === 'daytona' && daytona && unreachable(cluster, { variable: 'TURBOBACKEND_SANDBOX=daytona', ...daytona }),
    deploy === 'fly' && fly && unreachable(cluster, { variable: 'TURBOBACKEND_DEPLOY=fly', ...fly }),
  ].filter((problem) => typeof problem === 'string');
  if (problems.length === 0) return;
  throw new TurboError('CONFIG_INVALID', `${problems.join('. ')}.`, {
    fix: 'Set DB_CLUSTER_HOST, DB_CLUSTER_USER and DB_CLUSTER_PASSWORD to a Postgres that can be reached from there, or use the local sandbox and deployment.',
  });
}

function read<T>(settings: z.ZodType<T>, environment: object): T {
  const parsed = settings.safeParse(environment);
  if (!parsed.success) {
    // Without the sign that zod begins each complaint with: the terminal has one of its own.
    throw new TurboError('CONFIG_INVALID', z.prettifyError(parsed.error).replaceAll(/^✖ /gm, ''), {
      fix: 'Set the named variables, or unset them to use the embedded defaults; docs/configuration.md lists them all.',
    });
  }
  return parsed.data;
}
