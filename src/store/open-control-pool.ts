import type { Client, Pool } from 'pg';
import type { DatabaseConnection } from '../domain/provisioned-database.ts';
import { openClient, openPool } from '../postgres/open-client.ts';

/** How to reach the control database. */
export type ControlConnection = DatabaseConnection;

// Unqualified names mean ours, and a process that stands still holds no lock of a row for ever.
const SESSION = { search_path: 'tb', idle_in_transaction_session_timeout: '60000' };

/** Connections to the control database, shared by turns. */
export function openControlPool(connection: ControlConnection, maxConnections = 6): Pool {
  return openPool(connection, maxConnections, { session: SESSION });
}

/** A single connection that its holder keeps: for LISTEN and for locks. */
export function openControlClient(connection: ControlConnection): Promise<Client> {
  return openClient(connection, { session: SESSION });
}
