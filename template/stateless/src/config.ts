import { readAppSettings, wholeNumber, type AppSettings, type Environment } from './http/app-settings.ts';

export interface Config extends AppSettings {
  readonly host: string;
  readonly port: number;
}

/** Settings from the environment; .env.example lists them all. */
export function readConfig(environment: Environment): Config {
  return {
    ...readAppSettings(environment),
    host: environment['HOST'] || '127.0.0.1',
    port: wholeNumber(environment, 'PORT', 3000),
  };
}
