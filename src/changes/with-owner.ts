import type { Client } from 'pg';
import type { ProvisionedDatabase } from '../domain/provisioned-database.ts';
import { CHANGE_SESSION } from '../domain/change-session.ts';
import { withClient } from '../postgres/open-client.ts';

/** Runs `work` on a connection logged in as the database's owner. */
export function withOwner<T>(database: ProvisionedDatabase, work: (client: Client) => Promise<T>): Promise<T> {
  const { host, port, tls, ca, name, owner } = database;
  return withClient({ host, port, tls, ca, database: name, ...owner }, work, { session: CHANGE_SESSION });
}
