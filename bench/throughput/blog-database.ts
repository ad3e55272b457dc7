import { escapeIdentifier } from 'pg';
import { Client } from 'pg';
import type { ProvisionedDatabase } from '../../src/domain/provisioned-database.ts';
import type { Workbench } from '../workbench.ts';
import { BODY, POSTS, READ_USERS, TITLE, WRITE_USERS } from './questions.ts';

/** A project's database as a run leaves it, filled, and with room for several servers at once. */
export async function openBlogDatabase({ databases, design, server }: Workbench): Promise<ProvisionedDatabase> {
  const { runId, projectId } = await databases.newRun();
  const name = await databases.cluster.claim(runId, projectId);
  await databases.cluster.provision(name, runId, design);
  const database = await databases.cluster.open(name);
  await fillTables(database);
  const admin = await server.connect();
  // A project has one backend, and limits that fit one.
  await admin.query(`ALTER ROLE ${escapeIdentifier(database.app.user)} CONNECTION LIMIT -1`);
  await admin.query(`ALTER DATABASE ${escapeIdentifier(name)} CONNECTION LIMIT -1`);
  await admin.end();
  return database;
}

async function fillTables({ name, host, port, owner }: ProvisionedDatabase): Promise<void> {
  const client = new Client({ host, port, database: name, user: owner.user, password: owner.password.reveal() });
  await client.connect();
  try {
    await client.query(
      `INSERT INTO users (id, email, name)
       SELECT lpad(number::text, 21, '0'), 'user' || number || '@example.com', 'User ' || number
         FROM generate_series(1, $1::int) AS number`,
      [READ_USERS + WRITE_USERS],
    );
    await client.query(
      `INSERT INTO posts (id, user_id, title, body)
       SELECT lpad(number::text, 21, '0'), lpad((1 + number % $2::int)::text, 21, '0'), $3, $4
         FROM generate_series(1, $1::int) AS number`,
      [POSTS, READ_USERS, TITLE, BODY],
    );
    await client.query('VACUUM ANALYZE');
  } finally {
    await client.end();
  }
}
