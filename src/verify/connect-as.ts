import type { Client } from 'pg';
import type { DatabaseLogin, ProvisionedDatabase } from '../domain/provisioned-database.ts';
import { openClient } from '../postgres/open-client.ts';

/** A connection of one role's; the caller ends it. */
export function connectAs(
  { host, port, tls, ca }: ProvisionedDatabase,
  login: DatabaseLogin,
  name: string,
): Promise<Client> {
  return openClient({ host, port, tls, ca, database: name, ...login });
}
