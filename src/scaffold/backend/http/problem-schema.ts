import type { JsonSchema } from './json-schema.ts';

/** Every error, as RFC 9457 has it. */
export const problemSchema: JsonSchema = {
  type: 'object',
  required: ['type', 'title', 'status', 'detail'],
  properties: {
    type: { type: 'string' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string', description: 'What went wrong, for people.' },
    errors: {
      type: 'array',
      items: {
        type: 'object',
        required: ['detail'],
        properties: {
          pointer: { type: 'string', description: 'Where in the body, as a JSON pointer.' },
          parameter: { type: 'string', description: 'Which parameter of the URL.' },
          detail: { type: 'string' },
        },
      },
    },
  },
};
