import { randomUUID } from 'node:crypto';
import type { Socket } from 'node:net';
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { Problem } from '../problem.ts';
import type { AppSettings } from './app-settings.ts';
import { guardHost } from './guard-host.ts';
import { addHeaders } from './headers.ts';
import { letIn } from './let-in.ts';
import { problemOf } from './problem-of.ts';
import { readJson } from './read-json.ts';

/** What a client is told about an error. */
export type Explain = (error: unknown, request: FastifyRequest) => Problem;

const MAX_BODY_BYTES = 1024 * 1024;

/** How many characters one part of a path may have. */
export const MAX_PARAMETER_LENGTH = 1024;

/** A Fastify that speaks JSON, validates strictly and answers every error with a problem. */
export async function newApp(settings: AppSettings, explain: Explain = problemOf): Promise<FastifyInstance> {
  const app = fastify({
    // Not pino's own destination, which ends the process when a line cannot be written.
    logger: settings.log && { level: 'warn', stream: process.stdout },
    bodyLimit: MAX_BODY_BYTES,
    requestTimeout: 30_000,
    trustProxy: (_address, hop) => hop < settings.trustedProxies,
    genReqId: () => randomUUID(),
    // Our own reader parses bodies; a field may well be called «constructor».
    onProtoPoisoning: 'ignore',
    onConstructorPoisoning: 'ignore',
    routerOptions: { maxParamLength: MAX_PARAMETER_LENGTH, ignoreTrailingSlash: true },
    ajv: {
      customOptions: {
        allErrors: true,
        coerceTypes: false,
        removeAdditional: false,
        useDefaults: false,
        ownProperties: true,
        strict: false,
        // With the value that is wrong.
        verbose: true,
      },
    },
    frameworkErrors: (error, _request, reply) => sendProblem(reply, problemOf(error)),
    clientErrorHandler: refuseGarbage,
  });
  if (settings.log && settings.logRequests) logRequests(app);
  readBodies(app);
  addHeaders(app);
  guardHost(app, settings.allowedHosts);
  await letIn(app, settings);
  // Answers are made of named columns, so there is nothing for a serializer to leave out.
  app.setSerializerCompiler(() => JSON.stringify);
  app.setNotFoundHandler((request) => {
    throw new Problem(404, `There is no ${request.method} ${request.url.split('?')[0]}.`);
  });
  app.setErrorHandler((error, request, reply) => {
    const problem = explain(error, request);
    if (problem.status >= 500)
      request.log.error({ err: problem.cause ?? problem, method: request.method, url: request.url });
    return sendProblem(reply, problem);
  });
  return app;
}

/** Asked every few seconds by whoever watches over the process. */
const PROBES: ReadonlySet<string> = new Set(['/healthz', '/readyz']);

/** `GET /v1/posts?limit=… 200 3 ms`. Of a value that a query carries nobody knows how private it is. */
function logRequests(app: FastifyInstance): void {
  app.addHook('onResponse', async ({ method, url }, { statusCode, elapsedTime }) => {
    if (PROBES.has(url)) return;
    process.stdout.write(`${method} ${url.replaceAll(/=[^&]*/g, '=…')} ${statusCode} ${Math.round(elapsedTime)} ms\n`);
  });
}

function readBodies(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  const types = /^application\/(merge-patch\+)?json\b/;
  app.addContentTypeParser(types, { parseAs: 'buffer' }, async (request: FastifyRequest, body: Buffer) => {
    refuseCompressed(request);
    return body.length > 0 ? readJson(body) : undefined;
  });
}

function refuseCompressed({ headers }: FastifyRequest): void {
  const encoding = headers['content-encoding'] ?? 'identity';
  if (encoding.trim().toLowerCase() === 'identity') return;
  throw new Problem(415, 'A body is taken as it is, without a content-encoding.');
}

function sendProblem(reply: FastifyReply, problem: Problem): FastifyReply {
  if (problem.status === 503) reply.header('retry-after', '1');
  // Fastify would hang up on a body that is too large: its sender, cut off in the middle, would never read why.
  reply.removeHeader('connection');
  return reply
    .code(problem.status)
    .type('application/problem+json')
    .send(Buffer.from(JSON.stringify(problem)));
}

/** What is no HTTP never becomes a request. */
function refuseGarbage(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return;
  const status = error.code === 'HPE_HEADER_OVERFLOW' ? 431 : 400;
  const body = JSON.stringify(new Problem(status, 'The request is not valid HTTP.'));
  socket.end(
    `HTTP/1.1 ${status} Bad Request\r\nContent-Type: application/problem+json\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`,
  );
}
