import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { test } from 'node:test';
import { Secret } from '../domain/secret.ts';
import { openClient, openPool } from './open-client.ts';

const OF_THE_SHELL = {
  PGOPTIONS: '-c search_path=zzz',
  PGAPPNAME: 'theirs',
  PGSSLMODE: 'require',
  PGSSLNEGOTIATION: 'direct',
  PGREPLICATION: 'database',
  PGCLIENT_ENCODING: 'LATIN1',
  PGHOST: '192.0.2.1',
  PGPORT: '1',
  PGUSER: 'them',
  PGDATABASE: 'theirs',
  PGPASSWORD: 'theirs',
};

test('what the shell holds for other databases reaches no connection of ours', async (t) => {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  const before = { ...process.env };
  Object.assign(process.env, OF_THE_SHELL);
  t.after(() => Object.keys(OF_THE_SHELL).forEach((name) => restore(name, before[name])));

  const { port } = server.address() as AddressInfo;
  const connection = {
    host: '127.0.0.1',
    port,
    database: 'ours',
    user: 'us',
    password: new Secret('x'),
    tls: 'off',
  } as const;
  const pool = openPool(connection, 1);
  for (const open of [() => openClient(connection, { session: { search_path: 'tb' } }), () => pool.connect()]) {
    const [sent] = await Promise.all([firstMessage(), assert.rejects(open())]);
    assert.match(sent, /user\0us\0database\0ours\0/);
    assert.match(sent, /application_name\0turbobackend\0/);
    assert.doesNotMatch(sent, /zzz|theirs|LATIN1|replication\0database/);
  }
  await pool.end();

  /** What a client sends first, which is then cut off. */
  async function firstMessage(): Promise<string> {
    const [socket] = await once(server, 'connection');
    const [data] = await once(socket, 'data');
    socket.destroy();
    return String(data);
  }
});

function restore(name: string, value: string | undefined): void {
  if (value === undefined) delete process.env[name];
  else process.env[name] = value;
}
