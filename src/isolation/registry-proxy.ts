import { createServer, request as requestPlain, type IncomingMessage, type ServerResponse } from 'node:http';
import { connect, type Socket } from 'node:net';
import { listenAt, type Listener, type ListenPlace } from '../machine/listener.ts';

/** An HTTP proxy that leads to one package registry and nowhere else: tunnels to it, and plain requests if it is plain. */
export function openRegistryProxy(registry: string, place: ListenPlace): Promise<Listener> {
  const allowed = new URL(registry);
  const server = createServer((request, response) => forward(request, response, allowed));
  server.on('connect', (request: IncomingMessage, client: Socket, head: Buffer) =>
    tunnel(request.url ?? '', client, head, allowed),
  );
  return listenAt(server, place);
}

function tunnel(target: string, client: Socket, head: Buffer, allowed: URL): void {
  client.on('error', () => undefined);
  if (target !== `${allowed.hostname}:${portOf(allowed)}`) return void client.end('HTTP/1.1 403 Forbidden\r\n\r\n');
  const server = connect({ host: hostOf(allowed), port: portOf(allowed) }, () => {
    client.write('HTTP/1.1 200 OK\r\n\r\n');
    server.write(head);
    client.pipe(server).pipe(client);
  });
  server.on('error', () => client.end('HTTP/1.1 502 Bad Gateway\r\n\r\n'));
  server.once('close', () => client.destroy());
  client.once('close', () => server.destroy());
}

function forward(request: IncomingMessage, response: ServerResponse, allowed: URL): void {
  const target = URL.parse(request.url ?? '');
  if (allowed.protocol !== 'http:' || target?.origin !== allowed.origin)
    return void response.writeHead(403).end('Only the package registry can be reached from here.\n');
  const path = target.pathname + target.search;
  const { method, headers } = request;
  const onward = requestPlain({ host: hostOf(allowed), port: portOf(allowed), path, method, headers }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  });
  onward.on('error', () => (response.headersSent ? response.destroy() : response.writeHead(502).end()));
  response.once('close', () => onward.destroy());
  request.pipe(onward);
}

function portOf(url: URL): number {
  return Number(url.port) || (url.protocol === 'http:' ? 80 : 443);
}

/** IPv6 addresses stand in brackets in an address, and not where one connects. */
function hostOf(url: URL): string {
  return url.hostname.replace(/^\[(.*)\]$/, '$1');
}
