import cors from '@fastify/cors';
import rateLimit from '@fastify/rate-limit';
import type { FastifyInstance } from 'fastify';
import { Problem } from '../problem.ts';
import type { AppSettings } from './app-settings.ts';

/** Lets web pages of other origins in, and nobody in too often. */
export async function letIn(app: FastifyInstance, { corsOrigins, rateLimitPerMinute }: AppSettings): Promise<void> {
  if (corsOrigins.length > 0) {
    await app.register(cors, {
      origin: corsOrigins.includes('*') ? true : [...corsOrigins],
      methods: ['GET', 'POST', 'PATCH', 'DELETE'],
      allowedHeaders: ['content-type', 'authorization'],
      exposedHeaders: ['location', 'x-request-id'],
      maxAge: 600,
      strictPreflight: false,
    });
  }
  if (rateLimitPerMinute > 0) {
    await app.register(rateLimit, {
      max: rateLimitPerMinute,
      timeWindow: '1 minute',
      // This machine's own programs have no need to be held back.
      allowList: (request) => /^(::ffff:)?127\.|^::1$/.test(request.ip),
      errorResponseBuilder: (_request, { max }) => new Problem(429, `At most ${max} requests a minute are answered.`),
    });
  }
}
