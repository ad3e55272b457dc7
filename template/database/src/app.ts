import type { FastifyInstance } from 'fastify';
import type { Config } from './config.ts';
import { databaseProblem } from './database-problem.ts';
import { openDatabase } from './db.ts';
import { serveDocumentation } from './http/documentation.ts';
import { serveHealth } from './http/health.ts';
import { newApp } from './http/new-app.ts';
import { problemOf } from './http/problem-of.ts';
import { registerRoutes } from './routes.ts';
import { tables } from './tables.ts';

/** The whole backend, not listening yet. It opens its connections when the first request needs them. */
export async function buildApp(config: Config): Promise<FastifyInstance> {
  const db = openDatabase(config.database);
  const known = tables.map(({ table }) => table);
  const app = await newApp(config, (error, request) => databaseProblem(error, request.method, known) ?? problemOf(error));
  app.addHook('onClose', () => db.close());

  serveDocumentation(app);
  serveHealth(app, db);
  registerRoutes(app, db);
  await app.ready();
  return app;
}
