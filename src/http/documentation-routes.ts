import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { FastifyInstance } from 'fastify';

const OPEN = { config: { isOpen: true } };

/** The document for programs at /openapi.json, and for people at /docs; neither loads anything from elsewhere. */
export function addDocumentationRoutes(app: FastifyInstance, document: object): void {
  const text = `${JSON.stringify(document, null, 2)}\n`;
  const page = readFileSync(new URL('docs-page.html', import.meta.url), 'utf8');
  const policy = policyFor(page);
  app.get('/openapi.json', OPEN, (_request, reply) => reply.type('application/json').send(text));
  app.get('/docs', OPEN, (_request, reply) =>
    reply.header('content-security-policy', policy).type('text/html; charset=utf-8').send(page),
  );
}

/** The page may run and style what it brought along, and talk to us. */
function policyFor(page: string): string {
  const hashes = (tag: string): string =>
    [...page.matchAll(new RegExp(`<${tag}>([^]*?)</${tag}>`, 'g'))]
      .map(([, inner = '']) => `'sha256-${createHash('sha256').update(inner).digest('base64')}'`)
      .join(' ');
  return (
    `default-src 'none'; connect-src 'self'; script-src ${hashes('script')}; style-src ${hashes('style')}; ` +
    `img-src data:; frame-ancestors 'none'`
  );
}
