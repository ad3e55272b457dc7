import type { JsonRequest } from '../../llm/language-model.ts';

type AnswerShape = JsonRequest<unknown>['shape'];

const text = { type: 'string' } as const;

export const NEED_SHAPE: AnswerShape = {
  name: 'database_need',
  schema: objectOf({ needsDatabase: { type: 'boolean' }, reasoning: text }),
};

export const SCHEMA_SHAPE: AnswerShape = {
  name: 'database_schema',
  schema: objectOf({
    tables: listOf(
      objectOf({
        tableName: text,
        columns: listOf(objectOf({ name: text, type: text, constraints: text })),
        createQuery: text,
      }),
    ),
  }),
};

export const CHANGE_SHAPE: AnswerShape = {
  name: 'schema_change',
  schema: objectOf({ statements: listOf(text), reasoning: text, warnings: listOf(text) }),
};

const field = objectOf({
  name: text,
  type: { type: 'string', enum: ['string', 'number', 'integer', 'boolean', 'array', 'object'] },
  description: text,
  required: { type: 'boolean' },
});

export const ENDPOINTS_SHAPE: AnswerShape = {
  name: 'endpoints',
  schema: objectOf({
    endpoints: listOf(
      objectOf({
        method: { type: 'string', enum: ['GET', 'POST'] },
        path: text,
        summary: text,
        inputs: listOf(field),
        outputs: listOf(field),
      }),
    ),
  }),
};

type Schema = AnswerShape['schema'];

/** Strict modes want every property named as required, and none besides. */
function objectOf(properties: { readonly [name: string]: Schema }): Schema {
  return { type: 'object', properties, required: Object.keys(properties), additionalProperties: false };
}

function listOf(items: Schema): Schema {
  return { type: 'array', items };
}
