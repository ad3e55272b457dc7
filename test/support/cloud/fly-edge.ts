import { once } from 'node:events';
import { createServer, request as ask, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { FakeMachine } from './fly-machine.ts';

const STARTED_WITHIN_MS = 5000;

/** Where the public reaches the apps: `<url>/<app>/…`. Starts a machine that sleeps; cuts off who asks for none. */
export async function startFlyEdge(
  machinesOf: (app: string) => readonly FakeMachine[] | undefined,
): Promise<{ readonly url: string; stop(): Promise<void> }> {
  const server = createServer((request, response) => {
    void serve(machinesOf, request, response).catch(() => request.socket.destroy());
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function serve(
  machinesOf: (app: string) => readonly FakeMachine[] | undefined,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const [, app = '', path = ''] = /^\/([^/]+)(\/.*)?$/.exec(request.url ?? '') ?? [];
  const machine = machinesOf(app)?.find(({ cordoned }) => !cordoned);
  if (!machine || !(await isAwake(machine))) return void request.socket.destroy();
  const { host, port } = machine.address;
  const { method = 'GET', headers } = request;
  const passed = ask({ host, port, path: path || '/', method, headers, agent: false }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  });
  passed.once('error', () => (response.headersSent ? request.socket.destroy() : response.writeHead(503).end()));
  request.pipe(passed);
}

async function isAwake(machine: FakeMachine): Promise<boolean> {
  if (machine.state !== 'stopped') return true;
  if (!machine.config.services?.some(({ autostart }) => autostart)) return false;
  await machine.start('proxy');
  return machine.isListening(STARTED_WITHIN_MS);
}
