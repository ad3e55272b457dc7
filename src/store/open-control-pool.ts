import { type ClientConfig, Pool } from 'pg';
import { tlsOptions, type DatabaseConnection } from '../domain/provisioned-database.ts';

/** How to reach the control database. */
export type ControlConnection = DatabaseConnection;

/**
 * Connections to the control database, unqualified names meaning ours. A connection that the server ends while it is
 * idle is replaced in silence; one that it ends in use rejects that query.
 */
export function openControlPool(connection: ControlConnection, maxConnections = 6): Pool {
  const pool = new Pool({
    ...controlClientConfig(connection),
    max: maxConnections,
    idleTimeoutMillis: 10_000,
    allowExitOnIdle: true,
  });
  // Without a listener, a server that restarts would end this process.
  pool.on('error', () => undefined);
  return pool;
}

/** The same for a single connection that its holder keeps: for LISTEN and for locks. */
export function controlClientConfig(connection: ControlConnection): ClientConfig {
  return {
    host: connection.host,
    port: connection.port,
    database: connection.database,
    user: connection.user,
    password: () => connection.password.reveal(),
    ssl: tlsOptions(connection),
    application_name: 'turbobackend',
    options: '-c search_path=tb -c idle_in_transaction_session_timeout=60000',
    connectionTimeoutMillis: 10_000,
    keepAlive: true,
  };
}
