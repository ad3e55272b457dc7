import { readFileSync } from 'node:fs';
import type { AppSettings } from './http/new-app.ts';

export interface DatabaseSettings {
  /** A host's name, or the folder of a Unix socket. */
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  readonly password: string;
  readonly tls: { readonly ca?: string } | false;
  /** A statement that takes longer is given up. */
  readonly statementTimeoutMs: number;
}

export interface Config extends AppSettings {
  readonly host: string;
  readonly port: number;
  readonly database: DatabaseSettings;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Settings from the environment; .env.example lists them all. Throws an error that names what is missing. */
export function readConfig(environment: Environment): Config {
  return {
    host: environment['HOST'] || '127.0.0.1',
    port: wholeNumber(environment, 'PORT', 3000),
    log: environment['LOG'] !== 'off',
    corsOrigins: (environment['CORS_ORIGINS'] ?? '')
      .split(',')
      .map((origin) => origin.trim())
      .filter(Boolean),
    database: readDatabaseSettings(environment),
  };
}

export function readDatabaseSettings(environment: Environment): DatabaseSettings {
  return {
    host: required(environment, 'DB_HOST'),
    port: wholeNumber(environment, 'DB_PORT', 5432),
    database: required(environment, 'DB_NAME'),
    user: required(environment, 'DB_USER'),
    password: environment['DB_PASSWORD'] ?? '',
    tls: readTls(environment),
    statementTimeoutMs: wholeNumber(environment, 'DB_STATEMENT_TIMEOUT_MS', 5000),
  };
}

function readTls(environment: Environment): DatabaseSettings['tls'] {
  const caFile = environment['DB_CA_FILE'];
  if (caFile) return { ca: readFileSync(caFile, 'utf8') };
  return ['on', 'verify', 'true', '1'].includes(environment['DB_TLS'] ?? '') ? {} : false;
}

function required(environment: Environment, name: string): string {
  const value = environment[name];
  if (!value) throw new Error(`${name} is not set. See .env.example.`);
  return value;
}

function wholeNumber(environment: Environment, name: string, fallback: number): number {
  const text = environment[name];
  if (!text) return fallback;
  const number = Number(text);
  if (!Number.isSafeInteger(number) || number < 0) throw new Error(`${name} must be a whole number, not "${text}".`);
  return number;
}
