import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { FastifyInstance, RouteOptions } from 'fastify';
import { rules } from '../rules.ts';
import { openApiDocument, type DocumentedRoute, type Operation } from './openapi.ts';

/** Serves the documentation of every route that is registered after it: /openapi.json for programs, /docs for people. */
export function serveDocumentation(app: FastifyInstance): void {
  const routes = collectRoutes(app);
  const page = readFileSync(new URL('docs-page.html', import.meta.url), 'utf8');
  const contentSecurityPolicy = policyFor(page);
  const { title, version, description } = projectInfo();
  let document: string | undefined;

  app.get('/openapi.json', (_request, reply) => {
    document ??= `${JSON.stringify(openApiDocument({ title, version, description }, routes, rules), null, 2)}\n`;
    return reply.type('application/json').send(document);
  });
  app.get('/', (_request, reply) => reply.redirect('/docs'));
  app.get('/docs', (_request, reply) =>
    reply.header('content-security-policy', contentSecurityPolicy).type('text/html; charset=utf-8').send(page),
  );
}

/** Takes note of each route's documentation and leaves Fastify the one part that it validates by. */
function collectRoutes(app: FastifyInstance): DocumentedRoute[] {
  const routes: DocumentedRoute[] = [];
  app.addHook('onRoute', (route: RouteOptions) => {
    const operation = route.schema as Operation | undefined;
    if (!operation?.response) return;
    if (route.method !== 'HEAD') routes.push({ method: String(route.method), url: route.url, operation });
    route.schema = operation.body ? { body: operation.body } : {};
  });
  return routes;
}

function projectInfo(): { title: string; version: string; description: string } {
  const manifest: unknown = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  const { name, version, description } = manifest as Record<string, string>;
  return { title: name ?? '', version: version ?? '', description: description ?? '' };
}

/** The page may run and style what it brought along, and talk to us. */
function policyFor(page: string): string {
  const hashes = (tag: string): string =>
    [...page.matchAll(new RegExp(`<${tag}>([^]*?)</${tag}>`, 'g'))]
      .map(([, inner = '']) => `'sha256-${createHash('sha256').update(inner).digest('base64')}'`)
      .join(' ');
  return `default-src 'none'; connect-src 'self'; script-src ${hashes('script')}; style-src ${hashes('style')}; img-src data:; frame-ancestors 'none'`;
}
