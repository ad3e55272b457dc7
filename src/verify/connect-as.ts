import { Client } from 'pg';
import { tlsOptions, type DatabaseLogin, type ProvisionedDatabase } from '../domain/provisioned-database.ts';

/** A connection of one role's; the caller ends it. */
export async function connectAs(at: ProvisionedDatabase, login: DatabaseLogin, name: string): Promise<Client> {
  const client = new Client({
    host: at.host,
    port: at.port,
    database: name,
    user: login.user,
    password: login.password.reveal(),
    ssl: tlsOptions(at),
    connectionTimeoutMillis: 5000,
  });
  client.on('error', () => undefined);
  await client.connect();
  return client;
}
