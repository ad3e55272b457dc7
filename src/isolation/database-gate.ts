import { once } from 'node:events';
import { connect, isIP, type Socket } from 'node:net';
import { connect as connectSecurely } from 'node:tls';
import { listenFor, type Listener, type ListenPlace } from '../machine/listener.ts';
import type { UntrustedDatabase } from './untrusted-commands.ts';

// Of PostgreSQL's documentation, «Message Formats»: what a connection may begin with.
const SSL_REQUEST = 80877103;
const GSS_REQUEST = 80877104;
const PROTOCOL_3 = 3;
const LONGEST_START_BYTES = 10_000;
const START_MS = 10_000;

/**
 * Listens in place of the database's server and lets through who asks for this database as this user. Anything else,
 * replication and the cancelling of queries too, is refused before the server hears of it.
 */
export function openDatabaseGate(database: UntrustedDatabase, place: ListenPlace): Promise<Listener> {
  return listenFor(place, (client) => void admit(client, database).catch(() => client.destroy()));
}

async function admit(client: Socket, database: UntrustedDatabase): Promise<void> {
  client.on('error', () => undefined);
  client.setTimeout(START_MS, () => client.destroy());
  const start = await readStart(client);
  if (start === undefined) return void client.destroy();
  if (!isOwn(start, database)) return void client.resume().end(refusal(database));
  client.setTimeout(0);
  const server = await reach(client, database);
  server.write(start);
  client.pipe(server).pipe(client);
  client.resume();
}

/** The StartupMessage and what came with it; undefined for anything else. Requests to encrypt are declined. */
async function readStart(client: Socket): Promise<Buffer | undefined> {
  let received: Buffer = Buffer.alloc(0);
  for (;;) {
    while (received.length < 8 || received.length < received.readInt32BE(0)) {
      const more = await readMore(client);
      if (more === undefined) return undefined;
      received = Buffer.concat([received, more]);
      if (received.length >= 8 && !isPlausible(received.readInt32BE(0))) return undefined;
    }
    const code = received.readInt32BE(4);
    if (code >>> 16 === PROTOCOL_3) return received;
    if (code !== SSL_REQUEST && code !== GSS_REQUEST) return undefined;
    received = received.subarray(received.readInt32BE(0));
    client.write('N');
  }
}

async function readMore(client: Socket): Promise<Buffer | undefined> {
  for (;;) {
    const chunk = client.read() as Buffer | null;
    if (chunk !== null) return chunk;
    if (client.readableEnded || client.destroyed) return undefined;
    await Promise.race(['readable', 'end', 'close'].map((event) => once(client, event)));
  }
}

function isPlausible(lengthBytes: number): boolean {
  return lengthBytes >= 8 && lengthBytes <= LONGEST_START_BYTES;
}

function isOwn(start: Buffer, database: UntrustedDatabase): boolean {
  const words = start.toString('utf8', 8, start.readInt32BE(0)).split('\0');
  const asked = new Map<string, string>();
  for (let index = 0; index + 1 < words.length; index += 2) {
    const name = words[index] ?? '';
    // The server takes the last of two; whoever sends two wants us to look at the other.
    if (asked.has(name) && name !== '') return false;
    asked.set(name, words[index + 1] ?? '');
  }
  const user = asked.get('user');
  return user === database.user && (asked.get('database') ?? user) === database.database && !asked.has('replication');
}

/** An ErrorResponse, so that the client can say why. */
function refusal({ database, user }: UntrustedDatabase): Buffer {
  const fields = `SFATAL\0VFATAL\0C28000\0Monly database "${database}" as "${user}" can be reached from here\0\0`;
  const message = Buffer.alloc(5 + Buffer.byteLength(fields));
  message.write('E');
  message.writeInt32BE(message.length - 1, 1);
  message.write(fields, 5);
  return message;
}

async function reach(client: Socket, { host, port, tls, ca }: UntrustedDatabase): Promise<Socket> {
  const plain = host.startsWith('/') ? connect(`${host}/.s.PGSQL.${port}`) : connect({ host, port, noDelay: true });
  endTogether(client, plain);
  await once(plain, 'connect');
  if (tls === 'off') return plain;
  plain.write(Buffer.from([0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f]));
  const [answer] = (await once(plain, 'data')) as [Buffer];
  if (answer.toString() !== 'S') throw new Error('the database server does not encrypt');
  // An address has no place in the greeting, but the certificate is held against it all the same.
  const servername = isIP(host) === 0 ? { servername: host } : {};
  const encrypted = connectSecurely({ socket: plain, host, ...servername, ...(ca !== undefined && { ca }) });
  endTogether(client, encrypted);
  await once(encrypted, 'secureConnect');
  return encrypted;
}

function endTogether(client: Socket, server: Socket): void {
  server.on('error', () => client.destroy());
  server.once('close', () => client.destroy());
  client.once('close', () => server.destroy());
}
