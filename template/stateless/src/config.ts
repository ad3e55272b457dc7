import type { AppSettings } from './http/new-app.ts';

export interface Config extends AppSettings {
  readonly host: string;
  readonly port: number;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Settings from the environment; .env.example lists them all. */
export function readConfig(environment: Environment): Config {
  const port = Number(environment['PORT'] || 3000);
  if (!Number.isSafeInteger(port) || port < 0) throw new Error('PORT must be a whole number.');
  return {
    host: environment['HOST'] || '127.0.0.1',
    port,
    log: environment['LOG'] !== 'off',
    corsOrigins: (environment['CORS_ORIGINS'] ?? '')
      .split(',')
      .map((origin) => origin.trim())
      .filter(Boolean),
  };
}
