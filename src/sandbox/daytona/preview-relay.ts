import {
  createServer,
  request as httpRequest,
  Agent as HttpAgent,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { Secret } from '../../domain/secret.ts';
import { listenAt, LOOPBACK, type Listener } from '../../machine/listener.ts';

/** Where a port of a machine is reached from outside, and what has to be shown there. */
export interface Preview {
  readonly url: string;
  readonly token: Secret;
}

/** A port on this machine that stands for one of another. */
export interface PreviewRelay {
  /** Without a trailing slash. */
  readonly url: string;
  /** For the requests from now on. */
  aim(preview: Preview): void;
  close(): Promise<void>;
}

const OWN_HEADERS = ['host', 'connection', 'keep-alive', 'proxy-connection', 'x-daytona-preview-token'];
const KEEP_ALIVE_MS = 65_000;
const BAD_GATEWAY = 502;
/** A segment of a path that leads upwards or nowhere, also when its dots are written out. */
const DOTS = /\/(?:\.|%2e){1,2}(?=[/?]|$)/i;

/**
 * Passes requests on as they are, with the token in a header, since whoever asks must not know it and no address may
 * hold it. Where the other side refuses, so does this one. Does not keep the process alive.
 */
export async function openPreviewRelay(first: Preview): Promise<PreviewRelay> {
  let preview = first;
  const agents = { 'http:': new HttpAgent({ keepAlive: true }), 'https:': new HttpsAgent({ keepAlive: true }) };
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS, requestTimeout: 0 }, (incoming, answer) => {
    passOn(incoming, answer, preview, agents);
  });
  const listener: Listener = await listenAt(server, LOOPBACK);
  server.unref();
  return {
    url: `http://127.0.0.1:${listener.port}`,
    aim: (next) => (preview = next),
    async close() {
      await listener.close();
      for (const agent of Object.values(agents)) agent.destroy();
    },
  };
}

type Agents = Readonly<Record<'http:' | 'https:', HttpAgent>>;

function passOn(incoming: IncomingMessage, answer: ServerResponse, preview: Preview, agents: Agents): void {
  const base = new URL(preview.url);
  const { request: open, agent } =
    base.protocol === 'https:'
      ? { request: httpsRequest, agent: agents['https:'] }
      : { request: httpRequest, agent: agents['http:'] };
  const hasBody = 'content-length' in incoming.headers || 'transfer-encoding' in incoming.headers;
  const outgoing = open({
    protocol: base.protocol,
    hostname: base.hostname,
    port: base.port,
    method: incoming.method,
    path: pathBehind(base, incoming.url ?? '/'),
    headers: [...sentHeaders(incoming.rawHeaders), ...ownHeaders(base, preview.token)],
    // A body cannot be sent a second time when a kept connection turns out to be closed.
    agent: hasBody ? false : agent,
  });
  outgoing.on('response', (response) => giveBack(response, answer));
  outgoing.on('error', (error: NodeJS.ErrnoException) => {
    if (answer.headersSent || answer.destroyed) return;
    if (!hasBody && outgoing.reusedSocket && error.code === 'ECONNRESET') passOn(incoming, answer, preview, agents);
    else incoming.socket.destroy();
  });
  answer.on('close', () => {
    outgoing.destroy();
    // What is left of a body that was refused early has to be read for the connection to go on.
    incoming.unpipe(outgoing).resume();
  });
  if (hasBody) incoming.pipe(outgoing);
  else outgoing.end();
}

/** As it was asked for; but behind an address with a path of its own, none leads out of that, whoever resolves it. */
function pathBehind({ pathname }: URL, asked: string): string {
  const own = pathname.replace(/\/$/, '');
  if (own === '' || !DOTS.test(asked)) return own + asked;
  const inside = new URL(`http://port${asked}`);
  return own + inside.pathname + inside.search;
}

function giveBack(response: IncomingMessage, answer: ServerResponse): void {
  // The provider's word for a port on which nobody listens.
  if (response.statusCode === BAD_GATEWAY) {
    answer.destroy();
    return;
  }
  answer.sendDate = false;
  answer.writeHead(response.statusCode ?? BAD_GATEWAY, response.statusMessage, answeredHeaders(response));
  answer.flushHeaders();
  response.pipe(answer);
  response.on('error', () => answer.destroy());
  response.on('aborted', () => answer.destroy());
}

function sentHeaders(raw: readonly string[]): string[] {
  return pairs(raw)
    .filter(([name]) => !OWN_HEADERS.includes(name.toLowerCase()))
    .flat();
}

function ownHeaders({ host }: URL, token: Secret): string[] {
  const shown = token.reveal() === '' ? [] : ['x-daytona-preview-token', token.reveal()];
  return ['host', host, 'x-daytona-skip-preview-warning', 'true', ...shown];
}

/** All of them, also several of a name; whether this connection is kept is our own matter, unless it is to be closed. */
function answeredHeaders({ rawHeaders }: IncomingMessage): string[] {
  return pairs(rawHeaders)
    .filter(([name, value]) => name.toLowerCase() !== 'keep-alive' && !isKept(name, value))
    .flat();
}

function isKept(name: string, value: string): boolean {
  return name.toLowerCase() === 'connection' && value.toLowerCase() === 'keep-alive';
}

function pairs(raw: readonly string[]): [name: string, value: string][] {
  return raw.flatMap((name, index) => (index % 2 === 0 ? [[name, raw[index + 1] ?? ''] as [string, string]] : []));
}
