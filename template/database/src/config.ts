import { readFileSync } from 'node:fs';
import { readAppSettings, wholeNumber, type AppSettings, type Environment } from './http/app-settings.ts';

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

/** Settings from the environment; .env.example lists them all. Throws an error that names what is missing. */
export function readConfig(environment: Environment): Config {
  return {
    ...readAppSettings(environment),
    host: environment['HOST'] || '127.0.0.1',
    port: wholeNumber(environment, 'PORT', 3000),
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

/** An authority of its own asks for encryption, too, unless that is switched off. */
function readTls(environment: Environment): DatabaseSettings['tls'] {
  const { DB_TLS: tls = '', DB_CA: ca, DB_CA_FILE: caFile } = environment;
  if (!['', 'on', 'verify', 'true', '1', 'off', 'false', '0'].includes(tls)) {
    throw new Error(`DB_TLS must be verify or off, not "${tls}".`);
  }
  if (['off', 'false', '0'].includes(tls)) return false;
  if (ca) return { ca: certificatesIn(ca, 'DB_CA') };
  if (caFile) return { ca: certificatesIn(readFileSync(caFile, 'utf8'), 'DB_CA_FILE') };
  return tls !== '' && {};
}

/** Some ways to set a variable leave the ends of lines as \n and put quotes around it. */
function certificatesIn(text: string, variable: string): string {
  const found = text.replaceAll('\\n', '\n').match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g);
  if (!found) throw new Error(`${variable} holds no certificate: it must be PEM.`);
  return found.join('\n');
}

function required(environment: Environment, name: string): string {
  const value = environment[name];
  if (!value) throw new Error(`${name} is not set. See .env.example.`);
  return value;
}
