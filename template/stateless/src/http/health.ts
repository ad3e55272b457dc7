import type { FastifyInstance } from 'fastify';
import { healthOperation, readyOperation } from './health-operations.ts';

/** /healthz and /readyz: the process answers, and needs nothing else to serve requests. */
export function serveHealth(app: FastifyInstance): void {
  app.get('/healthz', { schema: healthOperation }, () => ({ status: 'ok' }));
  app.get('/readyz', { schema: { ...readyOperation, problems: [] } }, () => ({ status: 'ready' }));
}
