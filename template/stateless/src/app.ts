import type { FastifyInstance } from 'fastify';
import type { Config } from './config.ts';
import { serveDocumentation } from './http/documentation.ts';
import { serveHealth } from './http/health.ts';
import { newApp } from './http/new-app.ts';
import { registerRoutes } from './routes.ts';

/** The whole backend, not listening yet. */
export async function buildApp(config: Config): Promise<FastifyInstance> {
  const app = await newApp(config);
  serveDocumentation(app);
  serveHealth(app);
  registerRoutes(app);
  await app.ready();
  return app;
}
