import { z } from 'zod';
import { accessField, accessShape, accessView, authField, promptField, schemaSqlField, waitField } from './fields.ts';
import { defineOperation } from './operation.ts';
import { runShape } from './run-shapes.ts';
import { showRunAfter } from './show-run-after.ts';

export const planBackend = defineOperation({
  name: 'plan_backend',
  title: 'Plan a backend',
  description:
    'Says whether the prompt needs a database and designs its tables. Nothing is made; use it to look before create_backend.',
  scope: 'read',
  annotations: { readOnly: true, destructive: false, idempotent: true, openWorld: true },
  http: { method: 'POST', path: '/v1/plans', tag: 'Plans' },
  input: z.strictObject({ prompt: promptField, schemaSql: schemaSqlField, auth: authField, access: accessField }),
  output: z.object({
    needsDatabase: z.boolean(),
    reasoning: z.string(),
    planner: z.enum(['builtin', 'llm']),
    tables: z.array(
      z.object({
        tableName: z.string(),
        columns: z.array(z.object({ name: z.string(), type: z.string(), constraints: z.string() })),
        createQuery: z.string(),
      }),
    ),
    access: accessShape.optional(),
    ddl: z.array(z.string()).describe('The statements that would be run, in order'),
    warnings: z.array(z.string()),
    design: z
      .enum(['given', 'planned', 'guess'])
      .optional()
      .describe('Missing when no database is needed; `guess` when the planner is not sure'),
    questions: z
      .array(z.string())
      .describe('What would make a guess sure, each with the sentence to add to the prompt'),
    reasons: z
      .array(z.object({ table: z.string(), column: z.string().optional(), because: z.string() }))
      .describe('Why each table and column is there; empty when the planner cannot say'),
    costUsd: z.number().optional().describe('US dollars; missing when a price is not known'),
  }),
  async run(request, { backend, signal }) {
    const plan = await backend.plan(request, signal);
    return {
      needsDatabase: plan.needsDatabase,
      reasoning: plan.reasoning,
      planner: plan.planner,
      tables: (plan.schema?.tables ?? []).map((table) => ({ ...table, columns: [...table.columns] })),
      access: plan.access ? accessView(plan.access) : undefined,
      ddl: [...plan.ddl],
      warnings: [...plan.warnings],
      design: plan.design ?? undefined,
      questions: [...plan.questions],
      reasons: [...plan.reasons],
      costUsd: plan.costUsd ?? undefined,
    };
  },
});

export const createBackend = defineOperation({
  name: 'create_backend',
  title: 'Create a backend',
  description:
    'Makes a running, verified backend from a prompt: designs and provisions a Postgres database, writes and tests the code, commits and deploys it. ' +
    'Takes about ten seconds without a model. Answers with the run, at once or after waitSeconds; follow it with get_run.',
  scope: 'write',
  annotations: { readOnly: false, destructive: false, idempotent: false, openWorld: true },
  isRepeatable: true,
  http: {
    method: 'POST',
    path: '/v1/projects',
    tag: 'Projects',
    status: 202,
    location: ({ runId }) => `/v1/runs/${String(runId)}`,
  },
  input: z.strictObject({
    prompt: promptField,
    name: z
      .string()
      .max(40)
      .optional()
      .describe("The project's name: lower-case letters, digits and dashes. Made from the prompt when missing"),
    schemaSql: schemaSqlField,
    auth: authField,
    access: accessField,
    waitSeconds: waitField,
  }),
  output: runShape,
  async run({ waitSeconds, ...request }, { backend, token, signal }) {
    const { runId, name } = await backend.submit({ ...request, token });
    return { ...(await showRunAfter(backend, runId, { waitSeconds, signal })), name };
  },
});
