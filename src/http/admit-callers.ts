import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Caller } from '../domain/api-key.ts';
import { TurboError } from '../domain/errors.ts';
import type { TurboBackend } from '../turbobackend.ts';
import { type BudgetState, RequestBudget } from './request-budget.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Undefined on routes that are open to all. */
    caller: Caller | undefined;
  }
  interface FastifyContextConfig {
    /** Answered without a key, and however often: whoever watches over the service must not be turned away. */
    readonly isOpen?: boolean;
  }
}

export interface AdmissionSettings {
  readonly requireKey: boolean;
  readonly requestsPerMinute: number;
}

/** Who owns what is made without a key. */
const LOCAL: Caller = { ownerId: 'local', scope: 'admin' };

/** Finds out who calls, by their key, and refuses those who call too often. */
export function admitCallers(app: FastifyInstance, backend: TurboBackend, settings: AdmissionSettings): void {
  const budget = new RequestBudget(settings.requestsPerMinute);
  app.decorateRequest('caller', undefined);
  app.addHook('onRequest', async (request, reply) => {
    if (request.routeOptions.config.isOpen) return;
    const key = bearerOf(request);
    const address = `address ${request.ip}`;
    if (key === undefined && !settings.requireKey) {
      spend(reply, budget.take(address));
      request.caller = LOCAL;
      return;
    }
    const apiKey = key === undefined ? undefined : await backend.keys.recognize(key);
    if (!apiKey) {
      spend(reply, budget.take(address));
      throw unauthorized(reply, key);
    }
    spend(reply, budget.take(apiKey.keyId));
    request.caller = { ownerId: apiKey.ownerId, scope: apiKey.scope };
  });
}

/** Who makes this call, on a route that is not open. */
export function callerOf({ caller }: FastifyRequest): Caller {
  if (!caller) throw new Error('A route that asks for its caller is not open to all');
  return caller;
}

function bearerOf({ headers }: FastifyRequest): string | undefined {
  const { authorization } = headers;
  if (authorization === undefined) return undefined;
  return /^bearer +(\S+) *$/i.exec(authorization)?.[1] ?? '';
}

function unauthorized(reply: FastifyReply, key: string | undefined): TurboError {
  const challenge = 'Bearer realm="turbobackend"';
  reply.header('www-authenticate', key === undefined ? challenge : `${challenge}, error="invalid_token"`);
  return new TurboError('UNAUTHORIZED', key === undefined ? 'An API key is needed' : 'The API key is not valid', {
    fix: 'Send Authorization: Bearer tb_…; turbobackend keys create makes a key.',
  });
}

function spend(reply: FastifyReply, { allowed, limit, remaining, waitSeconds }: BudgetState): void {
  reply.headers({
    'ratelimit-limit': limit,
    'ratelimit-remaining': remaining,
    'ratelimit-reset': allowed ? 60 : waitSeconds,
  });
  if (allowed) return;
  reply.header('retry-after', waitSeconds);
  throw new TurboError('RATE_LIMITED', `More than ${limit} calls in a minute`, {
    fix: `Wait ${waitSeconds} s before the next call.`,
  });
}
