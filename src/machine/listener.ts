import { once } from 'node:events';
import { chmod } from 'node:fs/promises';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** A socket of the file system, for whoever may enter its folder, or a free port at an address. */
export type ListenPlace = { readonly path: string } | { readonly host: string };

export const LOOPBACK: ListenPlace = { host: '127.0.0.1' };

export interface Listener {
  /** 0 for a socket of the file system. */
  readonly port: number;
  /** Ends all connections too. */
  close(): Promise<void>;
}

const MOST_CONNECTIONS = 64;

export function listenFor(place: ListenPlace, take: (socket: Socket) => void): Promise<Listener> {
  return listenAt(createServer({ noDelay: true }, take), place);
}

/** For a server that was made already; it may be HTTP's. */
export async function listenAt(server: Server, place: ListenPlace): Promise<Listener> {
  const sockets = new Set<Socket>();
  server.maxConnections = MOST_CONNECTIONS;
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  server.listen('path' in place ? place : { ...place, port: 0 });
  await once(server, 'listening');
  if ('path' in place) await chmod(place.path, 0o777);
  const address = server.address() as AddressInfo | string;
  return {
    port: typeof address === 'string' ? 0 : address.port,
    async close() {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
