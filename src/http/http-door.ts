import type { FastifyInstance } from 'fastify';
import { TurboError } from '../domain/errors.ts';
import { mountMcp } from '../mcp/mcp-server.ts';
import type { TurboBackend } from '../turbobackend.ts';
import { addDocumentationRoutes } from './documentation-routes.ts';
import { admitCallers, callerOf } from './admit-callers.ts';
import { DatabasePulse } from './database-pulse.ts';
import { guardHost } from './guard-host.ts';
import { countRequests, Metrics } from './metrics.ts';
import { newApp } from './new-app.ts';
import { OpenAnswers } from './open-answers.ts';
import { openApiDocument } from './openapi.ts';
import { addOperationRoutes } from './operation-routes.ts';
import { addPageRoutes } from './page-routes.ts';
import { addRunEventsRoute, RUN_EVENTS_ROUTE } from './run-events-route.ts';
import { addServiceRoutes, SERVICE_ROUTES } from './service-routes.ts';

export interface HttpDoorSettings {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** Whether every call needs a key. */
  readonly requireKey: boolean;
  /** The address by which others reach us, when it is not our own. */
  readonly publicUrl: string | undefined;
  /** Of one key, or of one address without a key. */
  readonly requestsPerMinute: number;
  readonly version: string;
  /** Default: 15 seconds. */
  readonly heartbeatMs?: number | undefined;
  /** Hears of errors that nobody foresaw, which callers are told nothing about. */
  readonly onBug: (error: unknown, call: string) => void;
}

export interface HttpDoor {
  /** Where it answers, without a trailing slash. */
  readonly url: string;
  /** Ends streams and long answers, lets the others be given, and lets go of the port. */
  close(): Promise<void>;
}

const HEARTBEAT_MS = 15_000;
/** After it, connections are cut. */
const CLOSE_MS = 5000;

/** Answers over HTTP. Rejects with `CONFIG_INVALID` when nobody could call it, or the port is not to be had. */
export async function openHttpDoor(backend: TurboBackend, settings: HttpDoorSettings): Promise<HttpDoor> {
  if (settings.requireKey) await requireSomeKey(backend, settings.host);
  const answers = new OpenAnswers();
  const app = buildApp(backend, settings, answers);
  const url = await listen(app, settings);
  return {
    url,
    async close() {
      answers.close();
      const cut = setTimeout(() => app.server.closeAllConnections(), CLOSE_MS);
      await app.close();
      clearTimeout(cut);
    },
  };
}

function buildApp(backend: TurboBackend, settings: HttpDoorSettings, answers: OpenAnswers): FastifyInstance {
  const { host, publicUrl, heartbeatMs = HEARTBEAT_MS, version } = settings;
  const app = newApp((error, request) => settings.onBug(error, `${request.method} ${request.url} ${request.id}`));
  const metrics = new Metrics();
  countRequests(app, metrics);
  guardHost(app, host, publicUrl);
  admitCallers(app, backend, settings);
  addOperationRoutes(app, backend, answers);
  addRunEventsRoute(app, backend, answers, { heartbeatMs });
  const pulse = new DatabasePulse(() => backend.ready());
  void pulse.start();
  app.addHook('onClose', () => pulse.stop());
  addServiceRoutes(app, backend, metrics, answers, pulse);
  const onBug = (error: unknown): void => settings.onBug(error, '/mcp');
  mountMcp(app, { backend, version, callerOf, onBug });
  addPageRoutes(app);
  addDocumentationRoutes(app, openApiDocument(version, [RUN_EVENTS_ROUTE, ...SERVICE_ROUTES]));
  return app;
}

async function requireSomeKey({ keys }: TurboBackend, host: string): Promise<void> {
  if ((await keys.list()).length > 0) return;
  throw new TurboError(
    'CONFIG_INVALID',
    `Every call to ${host} needs an API key, and there is none (TURBOBACKEND_HOST)`,
    {
      fix: 'Make one first: turbobackend keys create --scope admin.',
    },
  );
}

async function listen(app: FastifyInstance, { host, port }: HttpDoorSettings): Promise<string> {
  try {
    await app.listen({ host, port });
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    const why = code === 'EADDRINUSE' ? `port ${port} is in use` : message;
    throw new TurboError('CONFIG_INVALID', `Cannot listen on ${host}: ${why} (TURBOBACKEND_HOST, TURBOBACKEND_PORT)`, {
      cause,
      fix: 'Choose another with --port, or stop what uses it.',
    });
  }
  const address = app.server.address();
  const actual = typeof address === 'object' && address ? address.port : port;
  return `http://${host.includes(':') ? `[${host}]` : host}:${actual}`;
}
