import { z } from 'zod';
import { TurboError } from '../domain/errors.ts';
import { cursorField, limitField, nextCursorField, projectField } from './fields.ts';
import { defineOperation, READS, READS_FOREIGN_TEXT } from './operation.ts';
import { receiptShape, receiptView } from './receipt-shape.ts';
import { projectShape, projectSummaryShape, projectSummaryView, projectView } from './project-shapes.ts';

export const listProjects = defineOperation({
  name: 'list_projects',
  title: 'List projects',
  description: 'Lists your projects, the newest first.',
  scope: 'read',
  annotations: READS,
  http: { method: 'GET', path: '/v1/projects', tag: 'Projects' },
  input: z.strictObject({
    search: z.string().min(1).max(200).optional().describe('Only those with this text in their name or prompt'),
    limit: limitField(100, 20),
    cursor: cursorField,
  }),
  output: z.object({ data: z.array(projectSummaryShape), nextCursor: nextCursorField }),
  async run(input, { backend }) {
    const { data, nextCursor } = await backend.listProjects(input);
    return { data: data.map(projectSummaryView), nextCursor };
  },
});

export const getProject = defineOperation({
  name: 'get_project',
  title: 'Show a project',
  description: 'Tells all about a project: its address, its database, where its code is, its runs.',
  scope: 'read',
  annotations: READS,
  http: { method: 'GET', path: '/v1/projects/{project}', tag: 'Projects' },
  input: z.strictObject({ project: projectField }),
  output: projectShape,
  run: async ({ project }, { backend }) => projectView(await backend.show(project)),
});

export const controlBackend = defineOperation({
  name: 'control_backend',
  title: 'Start or stop a backend',
  description: 'Starts, stops or restarts the deployed backend of a project. Its data stays.',
  scope: 'write',
  annotations: { readOnly: false, destructive: false, idempotent: true, openWorld: false },
  http: { method: 'POST', path: '/v1/projects/{project}/actions', tag: 'Projects' },
  input: z.strictObject({ project: projectField, action: z.enum(['start', 'stop', 'restart']) }),
  output: projectSummaryShape,
  async run({ project, action }, { backend }) {
    return projectSummaryView(await backend[action](project));
  },
});

export const renameProject = defineOperation({
  name: 'rename_project',
  title: 'Rename a project',
  description: 'Gives a project another name. Its id, address, database and repository stay as they are.',
  scope: 'write',
  annotations: { readOnly: false, destructive: false, idempotent: true, openWorld: false },
  isTool: false,
  http: { method: 'POST', path: '/v1/projects/{project}/rename', tag: 'Projects' },
  input: z.strictObject({
    project: projectField,
    name: z.string().max(40).describe('Lower-case letters, digits and dashes'),
  }),
  output: projectSummaryShape,
  run: async ({ project, name }, { backend }) => projectSummaryView(await backend.rename(project, name)),
});

export const deleteProject = defineOperation({
  name: 'delete_project',
  title: 'Delete a project',
  description:
    'Deletes a project for good: its database and rows, its running backend, its code, repository and archives. ' +
    "Never call it unless the user asked for it; a person has to confirm it with the project's name.",
  scope: 'write',
  consent: {
    fields: ['confirm'],
    given: (typed) => ({ confirm: typed }),
    command: ({ project }) => `turbobackend delete ${String(project)}`,
  },
  annotations: { readOnly: false, destructive: true, idempotent: true, openWorld: false },
  http: { method: 'DELETE', path: '/v1/projects/{project}', tag: 'Projects' },
  input: z.strictObject({
    project: projectField,
    confirm: z.string().max(100).optional().describe("The project's name, to confirm"),
  }),
  output: z.object({ projectId: z.string(), name: z.string(), removed: z.array(z.string()) }),
  async run({ project, confirm }, { backend }) {
    const { projectId, name } = await backend.summarize(project);
    if (confirm !== name) {
      throw new TurboError('CONFIRMATION_NEEDED', `Deleting ${name} cannot be undone and has to be confirmed`, {
        fix: `Pass its name: confirm=${name}.`,
      });
    }
    return { projectId, name, removed: [...(await backend.remove(projectId))] };
  },
});

export const getReceipt = defineOperation({
  name: 'get_receipt',
  title: 'Show what was verified',
  description: "Shows the receipt of a project's newest verified run: every gate, what it found and the evidence.",
  scope: 'read',
  annotations: READS,
  http: { method: 'GET', path: '/v1/projects/{project}/receipt', tag: 'Projects' },
  input: z.strictObject({ project: projectField }),
  output: receiptShape,
  run: async ({ project }, { backend }) => receiptView(await backend.receipt(project)),
});

export const getLogs = defineOperation({
  name: 'get_logs',
  title: 'Read the logs',
  description: 'Shows the last lines that the deployed backend of a project printed, oldest first.',
  scope: 'read',
  annotations: READS_FOREIGN_TEXT,
  http: { method: 'GET', path: '/v1/projects/{project}/logs', tag: 'Projects' },
  input: z.strictObject({
    project: projectField,
    lines: z.int().min(1).max(2000).default(100).describe('How many lines to look at'),
    contains: z.string().min(1).max(200).optional().describe('Of these, only those with this text'),
  }),
  output: z.object({ project: z.string(), lines: z.array(z.string()) }),
  async run({ project, lines, contains }, { backend }) {
    const found = await backend.logs(project, lines);
    return { project, lines: found.filter((line) => contains === undefined || line.includes(contains)) };
  },
});
