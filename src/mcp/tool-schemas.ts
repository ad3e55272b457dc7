import type { Tool } from '@modelcontextprotocol/server';
import { z } from 'zod';
import type { Operation } from '../operations/operation.ts';
import { runOutcomeShape, runShape } from '../operations/run-shapes.ts';
import type { McpView } from './mcp-access.ts';

export const NOTICE_FIELD = 'notice';

/** The longest wait of a client whose patience we do not know: most give up after a minute. */
export const USUAL_WAIT_SECONDS = 45;
/** The longest wait of a client that hears of the progress meanwhile. */
export const LONGEST_WAIT_SECONDS = 600;

/** What a tool that starts a run takes besides the operation's own input. */
export const runToolFields = {
  waitSeconds: z
    .int()
    .min(0)
    .max(LONGEST_WAIT_SECONDS)
    .optional()
    .describe(
      `How long to wait for the run to end; usually ${USUAL_WAIT_SECONDS}, or to its end with progress notifications`,
    ),
  idempotencyKey: z
    .string()
    .min(1)
    .max(190)
    .regex(/^[\x21-\x7e]+$/)
    .optional()
    .describe('Names this call, so that repeating it starts nothing new; made from the input when missing'),
};

/** Whether calling it hands a run in and waits for it. */
export function startsRun({ input, isRepeatable }: Operation): boolean {
  return isRepeatable && 'waitSeconds' in input.shape;
}

/** Whether its answers may hold others' text. */
export function holdsForeignText(operation: Operation): boolean {
  // What a run that begins says comes from us.
  return operation.annotations.openWorld && !startsRun(operation);
}

/** How an operation is listed: without what the view settles already, and what only a person may say. */
export function definitionOf(operation: Operation, view: McpView): Tool {
  const { annotations, name, title, description } = operation;
  return {
    name,
    title,
    description,
    inputSchema: jsonSchemaOf(inputOf(operation, view), 'explained') as Tool['inputSchema'],
    outputSchema: jsonSchemaOf(shownOutputOf(operation), 'bare') as NonNullable<Tool['outputSchema']>,
    annotations: {
      title,
      readOnlyHint: annotations.readOnly,
      destructiveHint: annotations.destructive,
      idempotentHint: annotations.idempotent,
      openWorldHint: annotations.openWorld,
    },
  };
}

function inputOf(operation: Operation, { project }: McpView): z.ZodObject {
  const input = startsRun(operation) ? operation.input.extend(runToolFields) : operation.input;
  const settled = [...(operation.consent?.fields ?? []), ...(project === undefined ? [] : ['project'])];
  return z.strictObject(Object.fromEntries(Object.entries(input.shape).filter(([field]) => !settled.includes(field))));
}

export function outputOf(operation: Operation): z.ZodObject {
  if (!holdsForeignText(operation)) return operation.output;
  return operation.output.extend({ [NOTICE_FIELD]: z.string().describe('What to bear in mind when reading it') });
}

/** In full once, at `get_run`: seven tools answer with a run, and a model pays for reading each of their schemas. */
function shownOutputOf(operation: Operation): z.ZodObject {
  if (operation.output !== runShape || operation.name === 'get_run') return outputOf(operation);
  return runShape.pick({ runId: true, projectId: true, status: true, lastSeq: true }).extend({
    result: z.looseObject(runOutcomeShape.pick({ url: true, revision: true }).shape).optional(),
  });
}

/**
 * In the protocol's own dialect, which need not be named. `bare`: without descriptions and limits, as every model pays
 * for reading what a tool answers with, and hears it again when it calls.
 */
function jsonSchemaOf(schema: z.ZodObject, style: 'explained' | 'bare'): object {
  const { $schema: _dialect, ...own } = z.toJSONSchema(schema, {
    // Also of an output, so that one which grows later still fits a schema that a client has kept.
    io: 'input',
    override: ({ jsonSchema, path }) => {
      if (style === 'bare') strip(jsonSchema, path.length === 0);
      // Anything at all is `true`, or nothing said: clients warn of an empty schema.
      if (isEmpty(jsonSchema.additionalProperties)) jsonSchema.additionalProperties = true;
      if (isEmpty(jsonSchema.items)) delete jsonSchema.items;
      // The limits of safe integers say nothing.
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
      if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
    },
  });
  return own;
}

/** Looser than what is answered, hence as true. */
function strip(schema: z.core.JSONSchema.BaseSchema, isWhole: boolean): void {
  for (const told of ['description', 'minimum', 'maximum', 'propertyNames'] as const) delete schema[told];
  if (!isWhole) delete schema.required;
  // Who may do what: `plan_backend`'s answer explains itself, and three tools hold it.
  if (schema.properties?.['access']) schema.properties['access'] = { type: 'object', additionalProperties: true };
}

function isEmpty(schema: unknown): boolean {
  return typeof schema === 'object' && schema !== null && Object.keys(schema).length === 0;
}
