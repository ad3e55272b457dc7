import type { Operation } from './openapi.ts';

const status = { type: 'object', required: ['status'], properties: { status: { type: 'string' } } };

export const healthOperation: Operation = {
  tags: ['health'],
  summary: 'Is the process up?',
  operationId: 'health',
  response: { 200: status },
};

export const readyOperation: Operation = {
  tags: ['health'],
  summary: 'Can it serve requests?',
  operationId: 'ready',
  response: { 200: status },
  problems: [503],
};
