import { Server } from 'node:net';
import { setImmediate as afterPolling, setTimeout as sleep } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';

// Longer than a client that keeps a connection open takes between two requests, most often.
const PATIENCE_MS = 1000;

/**
 * Takes no new connection, and answers what still comes on those that are kept open with «this is the last». Resolves
 * when they are gone, or after a second: a client that is cut off between two requests may lose the next.
 */
export async function drain({ server }: Pick<FastifyInstance, 'server'>): Promise<void> {
  server.prependListener('request', (_request, response) => response.setHeader('Connection', 'close'));
  // Whoever waits to be taken in when we stop listening is refused: right after the loop has looked, that is nobody.
  await afterPolling();
  // Not HTTP's own, which cuts off at once whoever is between two requests.
  const gone = new Promise((resolve) => Server.prototype.close.call(server, resolve));
  await Promise.race([gone, sleep(PATIENCE_MS, undefined, { ref: false })]);
}
