import type { DatabaseSchema } from './database-schema.ts';
import type { Secret } from './secret.ts';

export interface DatabaseLogin {
  readonly user: string;
  readonly password: Secret;
}

/** Where a database is and how one of its roles gets in. */
export interface DatabaseConnection extends DatabaseLogin {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  /** Whether the connection is encrypted and how the server's certificate is checked; embedded clusters use none. */
  readonly tls: 'off' | 'verify';
  /** The authority that the server's certificate must come from, PEM; those that Node knows when undefined. */
  readonly ca?: string | undefined;
}

/** A database of a project's own, created and holding its tables. `schema` is read back from the catalog. */
export interface ProvisionedDatabase {
  readonly name: string;
  readonly host: string;
  readonly port: number;
  readonly tls: 'off' | 'verify';
  /** As in `DatabaseConnection`. */
  readonly ca?: string | undefined;
  /** Owns every table; used by us alone, for migrations. */
  readonly owner: DatabaseLogin;
  /** Reads and writes rows; what the backend gets. */
  readonly app: DatabaseLogin;
  /** Reads rows; inspectors and queries on a user's behalf. */
  readonly reader: DatabaseLogin;
  readonly schema: DatabaseSchema;
}

/** How pg encrypts a connection and checks who is at its other end; false when it does neither. */
export function tlsOptions({
  tls,
  ca,
}: Pick<DatabaseConnection, 'tls' | 'ca'>): false | { readonly rejectUnauthorized: true; readonly ca?: string } {
  return tls === 'verify' && { rejectUnauthorized: true, ...(ca !== undefined && { ca }) };
}

/** The variables with which a project's own backend gets into its database. */
export function backendEnvironment({ name, app, ...server }: ProvisionedDatabase): Record<string, string> {
  return databaseEnvironment({ ...server, ...app, database: name });
}

/**
 * The variables that a generated backend reads, in its sandbox and where it is deployed: five, and DB_TLS and DB_CA
 * where the connection is encrypted. DB_CA has several lines.
 */
export function databaseEnvironment(connection: DatabaseConnection): Record<string, string> {
  return {
    DB_HOST: connection.host,
    DB_PORT: String(connection.port),
    DB_NAME: connection.database,
    DB_USER: connection.user,
    DB_PASSWORD: connection.password.reveal(),
    ...(connection.tls === 'verify' && {
      DB_TLS: 'verify',
      ...(connection.ca !== undefined && { DB_CA: connection.ca }),
    }),
  };
}
