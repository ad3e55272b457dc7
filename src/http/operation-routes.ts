import type { FastifyInstance, FastifyRequest } from 'fastify';
import { isPersons } from '../domain/api-key.ts';
import { callOperation } from '../operations/call-operation.ts';
import { withDoorFixes } from '../operations/door-fix.ts';
import type { Operation } from '../operations/operation.ts';
import { OPERATIONS } from '../operations/operations.ts';
import type { TurboBackend } from '../turbobackend.ts';
import { callerOf } from './admit-callers.ts';
import { inputReader } from './input-reader.ts';
import type { OpenAnswers } from './open-answers.ts';

/** A route for every operation. */
export function addOperationRoutes(app: FastifyInstance, backend: TurboBackend, answers: OpenAnswers): void {
  for (const operation of OPERATIONS) addOperationRoute(app, operation, backend, answers);
}

function addOperationRoute(
  app: FastifyInstance,
  operation: Operation,
  backend: TurboBackend,
  answers: OpenAnswers,
): void {
  const { method, path, status = 200, location } = operation.http;
  const readInput = inputReader(operation);
  app.route({
    method,
    url: path.replaceAll(/\{(\w+)\}/g, ':$1'),
    async handler(request, reply) {
      const { output, repeated } = await callOperation(operation, readInput(request), {
        backend,
        caller: callerOf(request),
        signal: answers.signalOf(reply),
        isPersons: isPersons(callerOf(request).scope),
        idempotencyKey: idempotencyKeyOf(request),
      });
      if (location) reply.header('location', location(output));
      if (repeated) reply.header('idempotent-replayed', 'true');
      return reply.code(status).send(withDoorFixes('http', output));
    },
  });
}

function idempotencyKeyOf({ headers }: FastifyRequest): string | undefined {
  const key = headers['idempotency-key'];
  return Array.isArray(key) ? key.join(',') : key;
}
