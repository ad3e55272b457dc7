import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

/** Headers that keep browsers careful, and those that let other origins in. */
export function addHeaders(app: FastifyInstance, corsOrigins: readonly string[]): void {
  app.addHook('onRequest', async (request, reply) => {
    reply.headers({
      'x-request-id': request.id,
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-store',
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
    });
    if (allowOrigin(request, reply, corsOrigins) && request.headers['access-control-request-method']) {
      return answerPreflight(request, reply);
    }
    return undefined;
  });
}

function allowOrigin(request: FastifyRequest, reply: FastifyReply, origins: readonly string[]): boolean {
  const { origin } = request.headers;
  if (origin === undefined || !(origins.includes('*') || origins.includes(origin))) return false;
  reply.headers({
    'access-control-allow-origin': origin,
    'access-control-expose-headers': 'location, x-request-id',
    vary: 'origin',
  });
  return true;
}

function answerPreflight(request: FastifyRequest, reply: FastifyReply): FastifyReply | undefined {
  if (request.method !== 'OPTIONS') return undefined;
  return reply
    .headers({
      'access-control-allow-methods': 'GET, POST, PUT, PATCH, DELETE',
      'access-control-allow-headers': 'content-type, authorization',
      'access-control-max-age': '600',
    })
    .code(204)
    .send();
}
