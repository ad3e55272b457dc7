export interface AppSettings {
  /** Whether errors are logged. */
  readonly log: boolean;
  /** Whether every request gets a line, too. */
  readonly logRequests?: boolean;
  /** Web pages from these origins may call us; `*` for all. */
  readonly corsOrigins: readonly string[];
  /** Names under which we may be called, beside addresses and this machine's own names; `*` for all. */
  readonly allowedHosts: readonly string[];
  /** How many requests of one address are answered in a minute; 0 for as many as come. */
  readonly rateLimitPerMinute: number;
  /** How many proxies stand before us, each of which adds an address to X-Forwarded-For. */
  readonly trustedProxies: number;
}

export type Environment = Readonly<Record<string, string | undefined>>;

/** The settings that every backend has; .env.example lists them. */
export function readAppSettings(environment: Environment): AppSettings {
  return {
    log: environment['LOG'] !== 'off',
    logRequests: environment['LOG'] === 'requests',
    corsOrigins: list(environment, 'CORS_ORIGINS'),
    allowedHosts: [...list(environment, 'ALLOWED_HOSTS'), ...list(environment, 'HOST')],
    rateLimitPerMinute: wholeNumber(environment, 'RATE_LIMIT', 600),
    trustedProxies: wholeNumber(environment, 'TRUST_PROXY', 0),
  };
}

export function wholeNumber(environment: Environment, name: string, fallback: number): number {
  const text = environment[name];
  if (!text) return fallback;
  const number = Number(text);
  if (!Number.isSafeInteger(number) || number < 0) throw new Error(`${name} must be a whole number, not "${text}".`);
  return number;
}

function list(environment: Environment, name: string): string[] {
  const items = (environment[name] ?? '').split(',');
  return items.map((item) => item.trim()).filter(Boolean);
}
