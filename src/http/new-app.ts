import { isUtf8 } from 'node:buffer';
import { randomUUID } from 'node:crypto';
import type { Socket } from 'node:net';
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { TurboError } from '../domain/errors.ts';
import { isBug, problemOf } from './problem.ts';

const MAX_BODY_BYTES = 4 * 1024 * 1024;

/** A Fastify that takes JSON, and answers every error with a problem. `onBug` hears of those that nobody foresaw. */
export function newApp(onBug: (error: unknown, request: FastifyRequest) => void): FastifyInstance {
  const app = fastify({
    bodyLimit: MAX_BODY_BYTES,
    requestTimeout: 30_000,
    genReqId: () => randomUUID(),
    routerOptions: { maxParamLength: 256, ignoreTrailingSlash: true },
    frameworkErrors: (error, request, reply) => {
      void sendProblem(error, request, reply);
    },
    clientErrorHandler: refuseGarbage,
  });
  // A form of another site's may send plain text without asking us first.
  app.removeContentTypeParser('text/plain');
  refuseOtherEncodings(app);
  app.addHook('onRequest', async (request, reply) => {
    reply.headers({
      'x-request-id': request.id,
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-store',
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
      'cross-origin-resource-policy': 'same-origin',
    });
  });
  app.setNotFoundHandler((request) => {
    throw new TurboError('NOT_FOUND', `There is no ${request.method} ${request.url.split('?')[0]}`, {
      fix: '/openapi.json and /docs tell what there is.',
    });
  });
  app.setErrorHandler((error, request, reply) => {
    if (isBug(error)) onBug(error, request);
    return sendProblem(error, request, reply);
  });
  return app;
}

/** JSON is UTF-8: letters in another encoding would become others without a word. */
function refuseOtherEncodings(app: FastifyInstance): void {
  const parseJson = app.getDefaultJsonParser('error', 'error');
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body: Buffer, done) => {
    if (isUtf8(body)) return parseJson(request, body.toString(), done);
    done(new TurboError('USAGE', 'The body is not UTF-8', { fix: 'Send it as UTF-8.' }));
  });
}

function sendProblem(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const problem = problemOf(error, request);
  if (problem.status === 503) reply.header('retry-after', '1');
  return reply
    .code(problem.status)
    .type('application/problem+json')
    .send(Buffer.from(JSON.stringify(problem)));
}

/** What is no HTTP never becomes a request. */
function refuseGarbage(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return;
  const tooLarge = error.code === 'HPE_HEADER_OVERFLOW';
  const refusal = Object.assign(new Error('The request is not valid HTTP'), {
    code: 'FST_GARBAGE',
    statusCode: tooLarge ? 431 : 400,
  });
  const body = JSON.stringify(problemOf(refusal, { id: randomUUID(), url: '' }));
  socket.end(
    `HTTP/1.1 ${refusal.statusCode} Bad Request\r\nContent-Type: application/problem+json\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
}
