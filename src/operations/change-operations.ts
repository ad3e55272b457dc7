import { z } from 'zod';
import type { ChangePlan } from '../domain/change-plan.ts';
import { TurboError } from '../domain/errors.ts';
import type { ChangeRequest, OwnerBackend, SubmittedRun } from '../turbobackend.ts';
import {
  changePlanShape,
  changePlanView,
  revisionDetailsShape,
  revisionDetailsView,
  revisionDiffShape,
  revisionDiffView,
  revisionShape,
  revisionView,
} from './change-shapes.ts';
import { cursorField, limitField, nextCursorField, projectField, waitField } from './fields.ts';
import { defineOperation, type Operation, type OperationContext, READS } from './operation.ts';
import { runShape } from './run-shapes.ts';
import { showRunAfter } from './show-run-after.ts';

const changePromptField = z
  .string()
  .max(50_000)
  .default('')
  .describe('What is to change, in a sentence: «add a phone number to users»; may be empty with sql');

const changeSqlField = z
  .string()
  .max(1_000_000)
  .optional()
  .describe('Statements that change the schema, instead of what would be made of the prompt');

const targetSchemaField = z
  .string()
  .max(1_000_000)
  .optional()
  .describe('The schema to get to, instead: SQL, Prisma, DBML and others; what it does not have is dropped');

const renamesField = z
  .array(z.strictObject({ from: z.string().min(1).max(200), to: z.string().min(1).max(200) }))
  .max(500)
  .optional()
  .describe('With targetSchema, what has another name there: posts → articles, posts.title → headline');

const revisionField = z.int().min(1).max(1_000_000_000);

export const planChange = defineOperation({
  name: 'plan_change',
  title: 'Plan a change',
  description:
    'Says what a change of a project would do: statements with their risks, files, warnings. It is tried on a copy with all rows, ' +
    'forward and back; nothing of the project is changed. apply_change carries the plan out.',
  scope: 'write',
  annotations: { readOnly: true, destructive: false, idempotent: true, openWorld: true },
  http: {
    method: 'POST',
    path: '/v1/projects/{project}/changes',
    tag: 'Changes',
    status: 201,
    location: ({ project, planId }) => `/v1/projects/${String(project)}/changes/${String(planId)}`,
  },
  input: z.strictObject({
    project: projectField,
    kind: z
      .enum(['change', 'deploy', 'undo'])
      .default('change')
      .describe(
        "change: by prompt or sql; deploy: the source as it lies in the project's folder; undo: an earlier revision",
      ),
    prompt: changePromptField,
    sql: changeSqlField,
    targetSchema: targetSchemaField,
    renames: renamesField,
    to: revisionField.optional().describe('With undo, the revision to go back to; the one before when missing'),
  }),
  output: changePlanShape,
  run: async ({ project, ...asked }, { backend }) =>
    // Whoever calls here may be a model, and so may whoever wrote the code.
    changePlanView(await backend.planChange(project, { ...readRequest(asked), apart: true })),
});

export const getChange = defineOperation({
  name: 'get_change',
  title: 'Show a plan',
  description: 'Shows a plan that plan_change has made.',
  scope: 'read',
  annotations: READS,
  isTool: false,
  http: { method: 'GET', path: '/v1/projects/{project}/changes/{planId}', tag: 'Changes' },
  input: z.strictObject({ project: projectField, planId: z.string().min(1).max(100) }),
  output: changePlanShape,
  run: async ({ project, planId }, { backend }) => changePlanView(await backend.showPlan(planId, project)),
});

const RUN_HTTP = {
  method: 'POST',
  tag: 'Changes',
  status: 202,
  location: ({ runId }: Readonly<Record<string, unknown>>) => `/v1/runs/${String(runId)}`,
} as const satisfies Partial<Operation['http']>;

/** What was there before may be gone from where it was, though it is kept for an undo. */
const CHANGES = { readOnly: false, destructive: true, idempotent: false, openWorld: true };

export const applyChange = defineOperation({
  name: 'apply_change',
  title: 'Carry out a plan',
  description:
    'Carries out a plan of plan_change: verifies the changed backend, changes the database, deploys. A plan that takes data ' +
    'out of reach needs the consent of a person, which no model can give.',
  scope: 'write',
  annotations: CHANGES,
  isRepeatable: true,
  consent: {
    fields: ['acceptDataLoss', 'confirm'],
    given: (typed) => ({ acceptDataLoss: true, confirm: typed }),
    command: ({ planId }) => `turbobackend apply ${String(planId)} --accept-data-loss ${String(planId)}`,
  },
  http: { ...RUN_HTTP, path: '/v1/projects/{project}/changes/{planId}/apply' },
  input: z.strictObject({
    project: projectField,
    planId: z.string().min(1).max(100),
    acceptDataLoss: z
      .boolean()
      .default(false)
      .describe('That data may go out of reach, from a person: with confirm, and a key with the scope admin'),
    confirm: z.string().max(100).optional().describe("With acceptDataLoss, the project's name as the person typed it"),
    waitSeconds: waitField,
  }),
  output: runShape,
  async run({ project, planId, acceptDataLoss, confirm, waitSeconds }, context) {
    const plan = await context.backend.showPlan(planId, project);
    if (plan.needsConsent || acceptDataLoss) requireConsent(plan, acceptDataLoss, confirm, context);
    const consent = { acceptDataLoss: acceptDataLoss ? planId : undefined, byModel: !context.isPersons };
    const application = { ...consent, token: context.token };
    return answerRun(await context.backend.applyPlan(planId, application), waitSeconds, context);
  },
});

export const changeBackend = defineOperation({
  name: 'change_backend',
  title: 'Change a backend',
  description:
    'Changes a project that exists, its schema, code and data, by a sentence or by SQL statements: plans and carries out at ' +
    'once. What would take data out of reach is only planned, and refused with the id of the plan.',
  scope: 'write',
  annotations: CHANGES,
  isRepeatable: true,
  http: { ...RUN_HTTP, path: '/v1/projects/{project}/change' },
  input: z.strictObject({
    project: projectField,
    prompt: changePromptField,
    sql: changeSqlField,
    targetSchema: targetSchemaField,
    renames: renamesField,
    waitSeconds: waitField,
  }),
  output: runShape,
  run: ({ project, waitSeconds, ...asked }, context) =>
    changeNow(project, readRequest({ kind: 'change', ...asked }), waitSeconds, context),
});

export const undoChange = defineOperation({
  name: 'undo_change',
  title: 'Undo a change',
  description:
    'Goes back to an earlier revision of a project: code, schema and data. What was written since is kept, and comes back ' +
    'when the undo is undone. More than the last change takes a person where data goes out of reach.',
  scope: 'write',
  annotations: CHANGES,
  isRepeatable: true,
  http: { ...RUN_HTTP, path: '/v1/projects/{project}/undo' },
  input: z.strictObject({
    project: projectField,
    to: revisionField.optional().describe('The revision to go back to; the one before when missing'),
    waitSeconds: waitField,
  }),
  output: runShape,
  run: ({ project, to, waitSeconds }, context) => changeNow(project, { kind: 'undo', to }, waitSeconds, context),
});

export const deployBackend = defineOperation({
  name: 'deploy_backend',
  title: 'Deploy the source',
  description:
    "Holds the source as it lies in the project's folder and repository to the gates and deploys it as a new revision, new " +
    'files in db/migrations included. When a gate fails, nothing is changed.',
  scope: 'write',
  annotations: CHANGES,
  isRepeatable: true,
  http: { ...RUN_HTTP, path: '/v1/projects/{project}/deploy' },
  input: z.strictObject({ project: projectField, waitSeconds: waitField }),
  output: runShape,
  run: ({ project, waitSeconds }, context) => changeNow(project, { kind: 'deploy' }, waitSeconds, context),
});

export const listRevisions = defineOperation({
  name: 'list_revisions',
  title: 'List revisions',
  description: 'Lists what each successful run left of a project, the newest first.',
  scope: 'read',
  annotations: READS,
  http: { method: 'GET', path: '/v1/projects/{project}/revisions', tag: 'Changes' },
  input: z.strictObject({ project: projectField, limit: limitField(100, 20), cursor: cursorField }),
  output: z.object({ data: z.array(revisionShape), nextCursor: nextCursorField }),
  async run({ project, ...page }, { backend }) {
    const { data, nextCursor } = await backend.listRevisions(project, page);
    return { data: data.map(revisionView), nextCursor };
  },
});

export const getRevision = defineOperation({
  name: 'get_revision',
  title: 'Show a revision',
  description: 'Shows a revision of a project: its migrations, its schema and what was verified of it.',
  scope: 'read',
  annotations: READS,
  isTool: false,
  http: { method: 'GET', path: '/v1/projects/{project}/revisions/{revision}', tag: 'Changes' },
  input: z.strictObject({ project: projectField, revision: revisionField }),
  output: revisionDetailsShape,
  run: async ({ project, revision }, { backend }) => revisionDetailsView(await backend.revision(project, revision)),
});

export const diffRevisions = defineOperation({
  name: 'diff_revisions',
  title: 'Compare two revisions',
  description: 'Shows what became of the files and of the schema from one revision of a project to another.',
  scope: 'read',
  annotations: READS,
  isTool: false,
  http: { method: 'GET', path: '/v1/projects/{project}/diff', tag: 'Changes' },
  input: z.strictObject({
    project: projectField,
    from: revisionField.optional().describe('The one before to when missing'),
    to: revisionField.optional().describe('The newest when missing'),
  }),
  output: revisionDiffShape,
  run: async ({ project, from, to }, { backend }) => revisionDiffView(await backend.diff(project, { from, to })),
});

interface Asked {
  readonly kind: ChangeRequest['kind'];
  readonly prompt: string;
  readonly sql?: string | undefined;
  readonly targetSchema?: string | undefined;
  readonly renames?: readonly { readonly from: string; readonly to: string }[] | undefined;
  readonly to?: number | undefined;
}

function readRequest({ kind, prompt, sql, targetSchema, renames, to }: Asked): ChangeRequest {
  if (kind === 'deploy') return { kind };
  if (kind === 'undo') return { kind, to };
  if (prompt.trim() !== '' || sql !== undefined || targetSchema !== undefined)
    return { kind, prompt, sql, targetSchema, renames };
  throw new TurboError('USAGE', 'There is nothing to change', {
    fix: 'Say it in a sentence as prompt, «add a phone number to users», or pass statements as sql, or a targetSchema.',
  });
}

async function changeNow(project: string, request: ChangeRequest, waitSeconds: number, context: OperationContext) {
  const asked = { ...request, apart: true, byModel: !context.isPersons, token: context.token };
  return answerRun(await context.backend.change(project, asked), waitSeconds, context);
}

async function answerRun(
  { runId, name }: SubmittedRun,
  waitSeconds: number,
  { backend, signal }: { readonly backend: OwnerBackend; readonly signal: AbortSignal },
) {
  return { ...(await showRunAfter(backend, runId, { waitSeconds, signal })), name };
}

/** Rejects unless a person agrees, by typing the name of the project. */
function requireConsent(
  { planId, project, statements }: ChangePlan,
  acceptDataLoss: boolean,
  confirm: string | undefined,
  { isPersons }: OperationContext,
): void {
  const losing = statements.filter(({ risk }) => risk === 'loses-data').map(({ sql }) => sql);
  const what = `The plan ${planId} takes data of ${project} out of reach: ${losing.join('; ')}`;
  if (!acceptDataLoss || confirm !== project) {
    throw new TurboError('CONFIRMATION_NEEDED', what, {
      fix: `A person who agrees sends acceptDataLoss: true and confirm: ${JSON.stringify(project)}, with a key that has the scope admin.`,
    });
  }
  if (isPersons) return;
  throw new TurboError('FORBIDDEN', `${what}. A person has to agree to it, and this key is none of a person's`, {
    fix: 'A person agrees with a key that has the scope admin.',
  });
}
