import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { TurboError } from '../domain/errors.ts';
import { openPage, type PageFile } from '../page/page.ts';

const OPEN = { config: { isOpen: true } };

/** The page for people at `/`. It holds nothing of anybody's: what it shows it asks for, with the caller's key. */
export function addPageRoutes(app: FastifyInstance): void {
  app.get('/', OPEN, (request, reply) => {
    const { document, contentSecurityPolicy } = openPage();
    reply.headers({
      'content-security-policy': contentSecurityPolicy,
      'cross-origin-opener-policy': 'same-origin',
      'cache-control': 'no-cache',
    });
    return send(request, reply, document);
  });
  app.get<{ Params: { '*': string } }>('/page/*', OPEN, (request, reply) => {
    const file = openPage().files.get(request.params['*']);
    if (!file) throw new TurboError('NOT_FOUND', 'There is no such file of the page', { fix: 'Load the page again.' });
    reply.header('cache-control', 'public, max-age=31536000, immutable');
    return send(request, reply, file);
  });
}

function send({ headers }: FastifyRequest, reply: FastifyReply, file: PageFile): FastifyReply {
  const accepted = headers['accept-encoding'] ?? '';
  reply.type(file.type).header('vary', 'accept-encoding');
  if (/\bbr\b/.test(accepted)) return reply.header('content-encoding', 'br').send(file.brotli);
  if (/\bgzip\b/.test(accepted)) return reply.header('content-encoding', 'gzip').send(file.gzip);
  return reply.send(file.body);
}
