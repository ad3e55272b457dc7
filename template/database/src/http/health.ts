import type { FastifyInstance } from 'fastify';
import type { Database } from '../db.ts';
import { healthOperation, readyOperation } from './health-operations.ts';

/** /healthz: the process answers. /readyz: so does its database. */
export function serveHealth(app: FastifyInstance, db: Database): void {
  app.get('/healthz', { schema: healthOperation }, () => ({ status: 'ok' }));

  app.get('/readyz', { schema: readyOperation }, async () => {
    await db.find({ text: 'SELECT 1', values: [] });
    return { status: 'ready' };
  });
}
