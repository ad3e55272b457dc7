import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { TurboError } from '../domain/errors.ts';
import type { RunId } from '../domain/ids.ts';
import type { RunEvent } from '../domain/run-event.ts';
import type { OwnerBackend, TurboBackend } from '../turbobackend.ts';
import { callerOf } from './admit-callers.ts';
import { textAnswer, type DocumentedRoute } from './documented-route.ts';
import type { OpenAnswers } from './open-answers.ts';

export interface StreamSettings {
  /** How often a stream without events says that it is there. */
  readonly heartbeatMs: number;
}

/** How many streams one owner may keep open. */
const MOST_STREAMS = 500;

/** How long a browser waits before it asks again for a stream that was cut. */
const RETRY_MS = 1000;

export const RUN_EVENTS_ROUTE: DocumentedRoute = {
  method: 'GET',
  path: '/v1/runs/{runId}/events',
  operationId: 'watch_run',
  tag: 'Runs',
  summary: 'Watch a run',
  description:
    "The run's events as they happen, each once and in order, up to `run-ended`. As server-sent events, an event's id is its seq: " +
    'a client that reconnects with Last-Event-ID goes on where it was. Answers 204 when nothing comes any more.',
  parameters: [
    { name: 'runId', in: 'path', required: true, schema: { type: 'string' } },
    {
      name: 'after',
      in: 'query',
      description: 'Only events after this seq',
      schema: { type: 'integer', minimum: 0, default: 0 },
    },
    {
      name: 'format',
      in: 'query',
      description: 'Server-sent events, or an event a line',
      schema: { type: 'string', enum: ['sse', 'ndjson'], default: 'sse' },
    },
    {
      name: 'Last-Event-ID',
      in: 'header',
      description: 'As after, and before it',
      schema: { type: 'integer', minimum: 0 },
    },
  ],
  responses: {
    200: {
      description: 'The events',
      content: {
        'text/event-stream': { schema: { type: 'string' } },
        'application/x-ndjson': { schema: { type: 'string' } },
      },
    },
    204: textAnswer('The run has ended and all its events are known'),
  },
};

/** Streams a run's events from its log, whichever process carries it. */
export function addRunEventsRoute(
  app: FastifyInstance,
  backend: TurboBackend,
  answers: OpenAnswers,
  settings: StreamSettings,
): void {
  const open = new Map<string, number>();
  app.get<{ Params: { runId: string } }>('/v1/runs/:runId/events', async (request, reply) => {
    const { ownerId } = callerOf(request);
    const owner = backend.forOwner(ownerId);
    const runId = request.params.runId as RunId;
    const { after, format } = readOptions(request);
    // Before anything is sent, so that an unknown run is a problem and not a stream.
    const { result, events } = await owner.showRun(runId);
    if (result && (events.at(-1)?.seq ?? 0) <= after) return reply.code(204).send();
    await counted(open, ownerId, () =>
      stream(owner, { runId, after, format, signal: answers.signalOf(reply) }, reply, settings),
    );
    return reply;
  });
}

async function counted(open: Map<string, number>, ownerId: string, work: () => Promise<void>): Promise<void> {
  const count = open.get(ownerId) ?? 0;
  if (count >= MOST_STREAMS) {
    throw new TurboError('RATE_LIMITED', `${MOST_STREAMS} streams are open already`, { fix: 'Close some of them.' });
  }
  open.set(ownerId, count + 1);
  try {
    await work();
  } finally {
    const left = (open.get(ownerId) ?? 1) - 1;
    if (left > 0) open.set(ownerId, left);
    else open.delete(ownerId);
  }
}

interface StreamRequest {
  readonly runId: RunId;
  readonly after: number;
  readonly format: 'sse' | 'ndjson';
  readonly signal: AbortSignal;
}

function readOptions({ headers, query }: FastifyRequest): Pick<StreamRequest, 'after' | 'format'> {
  const { after = '0', format = 'sse' } = query as { after?: unknown; format?: unknown };
  // A browser that reconnects repeats the address it began with.
  const seq = String(headers['last-event-id'] ?? after);
  if (!/^\d{1,15}$/.test(seq)) throw new TurboError('USAGE', 'after and Last-Event-ID are the seq of an event');
  if (format !== 'sse' && format !== 'ndjson') throw new TurboError('USAGE', 'format is sse or ndjson');
  return { after: Number(seq), format };
}

async function stream(
  owner: OwnerBackend,
  { runId, after, format, signal }: StreamRequest,
  reply: FastifyReply,
  { heartbeatMs }: StreamSettings,
): Promise<void> {
  const { raw } = reply;
  const write = format === 'sse' ? asServerSentEvent : asLine;
  reply.hijack();
  raw.writeHead(200, {
    ...(reply.getHeaders() as Record<string, string>),
    'content-type': format === 'sse' ? 'text/event-stream; charset=utf-8' : 'application/x-ndjson; charset=utf-8',
    // Proxies that collect an answer before they pass it on are asked not to.
    'x-accel-buffering': 'no',
  });
  if (format === 'sse') raw.write(`retry: ${RETRY_MS}\n\n`);
  else raw.flushHeaders();
  const heartbeat = format === 'sse' ? setInterval(() => raw.write(': still here\n\n'), heartbeatMs) : undefined;
  try {
    for await (const event of owner.watch(runId, { afterSeq: after, signal })) {
      await send(raw, write(event), signal);
    }
  } catch {
    // Whatever cut it, the client comes back for the rest.
  } finally {
    clearInterval(heartbeat);
    raw.end();
  }
}

/** Waits for a client that reads slower than we write. */
async function send(raw: ServerResponse, text: string, signal: AbortSignal): Promise<void> {
  if (!raw.write(text)) await once(raw, 'drain', { signal });
}

function asServerSentEvent(event: RunEvent): string {
  return `id: ${event.seq}\nevent: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;
}

function asLine(event: RunEvent): string {
  return `${JSON.stringify(event)}\n`;
}
