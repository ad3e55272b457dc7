import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { toNodeHandler } from '@modelcontextprotocol/node';
import {
  type AuthInfo,
  classifyInboundRequest,
  createMcpHandler,
  InMemoryServerEventBus,
  isInitializeRequest,
  type McpRequestContext,
  type ServerEventBus,
} from '@modelcontextprotocol/server';
import type { Caller } from '../domain/api-key.ts';
import type { TurboBackend } from '../turbobackend.ts';
import { buildServer, type McpOffer, offerFor } from './build-server.ts';
import { type McpAccess, readView } from './mcp-access.ts';
import { Sessions } from './sessions.ts';

export interface McpMount {
  readonly backend: TurboBackend;
  readonly version: string;
  /** Who makes the call; guards of host, origin and key have let it pass. */
  readonly callerOf: (request: FastifyRequest) => Caller;
  readonly onBug: (error: unknown) => void;
  /** What is offered; our own tools and tasks when missing. */
  readonly offer?: ((access: McpAccess) => McpOffer) | undefined;
  /** What those who listen for changes hear; of this process alone when missing. */
  readonly bus?: ServerEventBus | undefined;
}

type Call = FastifyRequest['raw'] & { auth?: AuthInfo };

const SESSION_NOT_FOUND = -32_001;
const SESSION_MISSING = -32_000;

/**
 * Answers the Streamable HTTP transport at `/mcp`, `?read_only=true` and `?project=…`: the protocol of 2026 a call at a
 * time, those before it in sessions. Closes with the app.
 */
export function mountMcp(app: FastifyInstance, mount: McpMount): void {
  let isClosing = false;
  const { offer = offerFor, bus = new InMemoryServerEventBus() } = mount;
  const sessions = new Sessions();
  const modern = createMcpHandler(
    (context) => {
      const access = accessOf(context);
      return buildServer(access, 'modern', offer(access));
    },
    { legacy: 'reject', bus, onerror: () => undefined },
  );
  const answerModern = toNodeHandler(modern, { onerror: mount.onBug });

  app.all('/mcp', async (request, reply) => {
    const access = openAccess(mount, request, { bus, isOpen: () => !isClosing });
    handOver(reply);
    if (isModern(request)) {
      await answerModern(withAccess(request.raw, access), reply.raw, request.body);
    } else {
      await answerInSession(request, reply, { access, sessions, offer });
    }
  });
  app.addHook('preClose', async () => {
    isClosing = true;
    await Promise.all([modern.close(), sessions.close()]);
  });
}

/** Where each call has a connection of its own, a client cancels by ending it. */
function openAccess(
  { backend, version, callerOf, onBug }: McpMount,
  request: FastifyRequest,
  { bus, isOpen }: { readonly bus: ServerEventBus; readonly isOpen: () => boolean },
): McpAccess {
  const modern = isModern(request);
  return {
    open: () => Promise.resolve(backend),
    isInUse: () => Promise.resolve(true),
    caller: callerOf(request),
    view: readView(request.query as Record<string, unknown>),
    version,
    cancelsWhenCut: () => modern && isOpen(),
    onProjectsChanged: modern ? () => bus.publish({ kind: 'resources_list_changed' }) : undefined,
    onBug,
  };
}

/** The SDK writes the answer; what our hooks have to say of it in headers goes with it. */
function handOver(reply: FastifyReply): void {
  for (const [name, value] of Object.entries(reply.getHeaders())) {
    if (value !== undefined) reply.raw.setHeader(name, value);
  }
  reply.hijack();
}

function isModern({ method, headers, body }: FastifyRequest): boolean {
  if (method !== 'POST') return false;
  const { kind } = classifyInboundRequest({
    httpMethod: method,
    protocolVersionHeader: single(headers['mcp-protocol-version']),
    mcpMethodHeader: single(headers['mcp-method']),
    body,
  });
  return kind !== 'legacy';
}

/** The SDK hands this on to where the server is built. */
function withAccess(raw: Call, access: McpAccess): Call {
  const { ownerId, scope } = access.caller;
  return Object.assign(raw, { auth: { token: '', clientId: ownerId, scopes: [scope], extra: { access } } });
}

function accessOf({ authInfo }: McpRequestContext): McpAccess {
  return authInfo?.extra?.['access'] as McpAccess;
}

interface SessionParts {
  readonly access: McpAccess;
  readonly sessions: Sessions;
  readonly offer: (access: McpAccess) => McpOffer;
}

async function answerInSession(
  request: FastifyRequest,
  reply: FastifyReply,
  { access, sessions, offer }: SessionParts,
): Promise<void> {
  const holder = JSON.stringify([access.caller, access.view]);
  const sessionId = single(request.headers['mcp-session-id']);
  const begins = sessionId === undefined && request.method === 'POST' && isInitializeRequest(request.body);
  const transport = begins
    ? await sessions.begin(holder, buildServer(access, 'legacy', offer(access)))
    : sessions.find(sessionId ?? '', holder);
  if (!transport) {
    refuse(reply, sessionId === undefined ? SESSION_MISSING : SESSION_NOT_FOUND);
    return;
  }
  const end = sessions.use(transport);
  reply.raw.once('close', end);
  await transport.handleRequest(request.raw, reply.raw, request.body);
}

function refuse(reply: FastifyReply, code: typeof SESSION_MISSING | typeof SESSION_NOT_FOUND): void {
  const [status, message] =
    code === SESSION_MISSING
      ? [400, 'Bad Request: a session begins with initialize, and its calls carry Mcp-Session-Id']
      : [404, 'There is no such session; begin a new one'];
  reply.raw
    .writeHead(status, { 'content-type': 'application/json' })
    .end(JSON.stringify({ jsonrpc: '2.0', error: { code, message }, id: null }));
}

function single(value: string | readonly string[] | undefined): string | undefined {
  return typeof value === 'string' ? value : value?.[0];
}
