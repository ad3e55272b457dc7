import type { FastifyInstance } from 'fastify';
import { covers } from '../domain/api-key.ts';
import { TurboError } from '../domain/errors.ts';
import type { TurboBackend } from '../turbobackend.ts';
import type { DatabasePulse } from './database-pulse.ts';
import { callerOf } from './admit-callers.ts';
import { textAnswer, type DocumentedRoute } from './documented-route.ts';
import type { Metrics } from './metrics.ts';
import type { OpenAnswers } from './open-answers.ts';

/** An embedded Postgres that died is back before. */
const UNHEALTHY_SECONDS = 10;

const HEALTH_ANSWER = {
  description: 'It is',
  content: {
    'application/json': {
      schema: { type: 'object', properties: { status: { type: 'string' } }, required: ['status'] },
    },
  },
};

export const SERVICE_ROUTES: readonly DocumentedRoute[] = [
  {
    method: 'GET',
    path: '/v1/projects/{project}/erd.svg',
    operationId: 'get_diagram',
    tag: 'Data',
    summary: 'Show the diagram',
    description: "The diagram of a project's database, for light and dark pages.",
    parameters: [{ name: 'project', in: 'path', required: true, schema: { type: 'string' } }],
    responses: { 200: textAnswer('An SVG image', 'image/svg+xml') },
  },
  {
    method: 'GET',
    path: '/healthz',
    operationId: 'get_health',
    tag: 'Service',
    summary: 'Is the process there?',
    description:
      'Answers as long as the process can serve: 503 once its database has been away for ten seconds, since it may be ' +
      'this process that cannot reach it.',
    parameters: [],
    responses: { 200: HEALTH_ANSWER },
    isOpen: true,
  },
  {
    method: 'GET',
    path: '/readyz',
    operationId: 'get_readiness',
    tag: 'Service',
    summary: 'Can calls be answered?',
    description: 'Answers 503 while the control database cannot be reached, and once the process is leaving.',
    parameters: [],
    responses: { 200: HEALTH_ANSWER },
    isOpen: true,
  },
  {
    method: 'GET',
    path: '/metrics',
    operationId: 'get_metrics',
    tag: 'Service',
    summary: 'Figures for Prometheus',
    description:
      'Runs by status, whoever owns them, and requests of this process.\n\nNeeds a key with the scope `admin`.',
    parameters: [],
    responses: { 200: textAnswer("Prometheus' text format", 'text/plain') },
  },
];

/** The routes that are no operation: an image, and what keeps a service running. */
export function addServiceRoutes(
  app: FastifyInstance,
  backend: TurboBackend,
  metrics: Metrics,
  answers: OpenAnswers,
  pulse: DatabasePulse,
): void {
  app.get<{ Params: { project: string } }>('/v1/projects/:project/erd.svg', async (request, reply) => {
    const svg = await backend.forOwner(callerOf(request).ownerId).schema(request.params.project, 'svg');
    // An image that is opened by itself may style itself, and no more.
    reply.header('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'");
    return reply.type('image/svg+xml').send(svg);
  });
  app.get('/healthz', { config: { isOpen: true } }, () => {
    const seconds = Math.round(pulse.awaySeconds);
    if (seconds < UNHEALTHY_SECONDS) return { status: 'ok' };
    throw new TurboError('CLUSTER_UNAVAILABLE', `The control database has not been reached for ${seconds} s`);
  });
  app.get('/readyz', { config: { isOpen: true } }, async () => {
    if (answers.closing) throw new TurboError('CLUSTER_UNAVAILABLE', 'The service is leaving');
    await backend.ready();
    return { status: 'ready' };
  });
  app.get('/metrics', async (request, reply) => {
    if (!covers(callerOf(request).scope, 'admin')) {
      throw new TurboError('FORBIDDEN', 'The metrics need a key with the scope admin');
    }
    return reply.type('text/plain; version=0.0.4; charset=utf-8').send(await metrics.render(backend));
  });
}
