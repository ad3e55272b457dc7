import { z } from 'zod';
import { TurboError } from '../domain/errors.ts';
import { outlineOf, partOf } from './api-outline.ts';
import { changedFileShape } from './change-shapes.ts';
import { projectField } from './fields.ts';
import { defineOperation, READS, READS_FOREIGN_TEXT } from './operation.ts';

const pathField = z.string().min(1).max(1000).describe('Relative to the project, with forward slashes');

export const readCode = defineOperation({
  name: 'read_code',
  title: 'Read the code',
  description:
    "Lists a project's source files, or shows one. A folder's path lists what is below it; without a path everything is listed.",
  scope: 'read',
  annotations: READS_FOREIGN_TEXT,
  http: { method: 'GET', path: '/v1/projects/{project}/files', tag: 'Projects' },
  input: z.strictObject({
    project: projectField,
    path: z.string().max(1000).default('').describe('Relative to the project, with forward slashes'),
    fromLine: z.int().min(1).default(1),
    lines: z.int().min(1).max(5000).default(2000).describe('How many lines of a file at most'),
  }),
  output: z.object({
    path: z.string(),
    kind: z.enum(['folder', 'file']),
    files: z.array(z.string()).optional().describe('The files below a folder'),
    content: z.string().optional().describe("A file's text, from fromLine on"),
    totalLines: z.int().min(0).optional(),
  }),
  async run({ project, path, fromLine, lines }, { backend }) {
    const view = await backend.source(project, path);
    if (view.kind === 'folder') return { path, kind: view.kind, files: [...view.files] };
    const all = view.content.split('\n');
    const content = all.slice(fromLine - 1, fromLine - 1 + lines).join('\n');
    return { path, kind: view.kind, content, totalLines: all.length };
  },
});

export const writeFiles = defineOperation({
  name: 'write_files',
  title: 'Write code',
  description:
    "Writes and removes files of a project's source, in its folder, without effect on what runs. New files in db/migrations " +
    'change tables. check_backend then says what is wrong, and deploy_backend deploys it.',
  scope: 'write',
  annotations: { readOnly: false, destructive: true, idempotent: true, openWorld: false },
  http: { method: 'POST', path: '/v1/projects/{project}/files', tag: 'Changes' },
  input: z.strictObject({
    project: projectField,
    files: z
      .array(
        z.strictObject({
          path: pathField,
          content: z.string().max(200_000).describe('All of it; read the file first if it exists'),
        }),
      )
      .max(200)
      .default([]),
    remove: z.array(pathField).max(200).default([]).describe('Paths of files to remove'),
  }),
  output: z.object({ project: z.string(), written: z.array(z.string()), removed: z.array(z.string()) }),
  async run({ project, files, remove }, { backend }) {
    if (files.some(({ content }) => content.includes('\0')))
      throw new TurboError('USAGE', 'A file of the source holds no NUL');
    await backend.writeSource(project, { files, remove });
    return { project, written: files.map(({ path }) => path), removed: remove };
  },
});

export const checkBackend = defineOperation({
  name: 'check_backend',
  title: 'Check the code',
  description:
    "Holds a project's source as it was written to the gates: types, tests, every route, security, on a copy of the database. " +
    'Says what is to be mended first. Changes nothing; deploy_backend deploys what passed.',
  scope: 'write',
  annotations: { readOnly: true, destructive: false, idempotent: true, openWorld: true },
  http: { method: 'POST', path: '/v1/projects/{project}/check', tag: 'Changes' },
  input: z.strictObject({ project: projectField }),
  output: z.object({
    passed: z.boolean(),
    findings: z
      .array(z.object({ about: z.string(), report: z.string().describe('With file and line, each cause once') }))
      .describe('What is to be mended first; what follows from it is left out'),
    gates: z.array(
      z.object({ gate: z.string(), status: z.enum(['passed', 'failed', 'skipped']), summary: z.string() }),
    ),
    planId: z.string().optional().describe('The plan that deploys exactly this; missing when none could be made'),
    needsConsent: z.boolean().describe('Whether a person has to agree, since data would go out of reach'),
    files: z.array(changedFileShape).describe('What differs from the revision that runs'),
    warnings: z.array(z.string()),
  }),
  async run({ project }, { backend, signal }) {
    const { passed, findings, gates, plan } = await backend.checkSource(project, signal);
    return {
      passed,
      findings: [...findings],
      gates: [...gates],
      planId: plan?.planId,
      needsConsent: plan?.needsConsent ?? false,
      files: [...(plan?.files ?? [])],
      warnings: [...(plan?.warnings ?? [])],
    };
  },
});

export const getApiDocument = defineOperation({
  name: 'get_api_document',
  title: "Show a project's API",
  description: "Shows the OpenAPI document of a project's own backend, as it was when the backend was verified.",
  scope: 'read',
  annotations: READS,
  // A model pays for what it reads: its tool of this name is `describeApi`.
  isTool: false,
  http: { method: 'GET', path: '/v1/projects/{project}/openapi.json', tag: 'Projects' },
  input: z.strictObject({ project: projectField }),
  output: z.looseObject({ openapi: z.string() }),
  run: async ({ project }, { backend }) => ({ openapi: '3.1.0', ...(await backend.openapi(project)) }),
});

/** The same for models, who hardly ever need all of it. */
export const describeApi = defineOperation({
  name: 'get_api_document',
  title: "Show a project's API",
  description:
    "Outlines the API of a project's own backend: a line for each endpoint and each body. With one of its paths, shows that " +
    'part of the OpenAPI document in full.',
  scope: 'read',
  annotations: READS,
  http: { method: 'GET', path: '/v1/projects/{project}/openapi.json', tag: 'Projects' },
  input: z.strictObject({
    project: projectField,
    path: z.string().max(1000).optional().describe('As the outline has it, without its query: /v1/posts/{id}'),
  }),
  output: z.object({
    outline: z.string().optional(),
    paths: z.record(z.string(), z.unknown()).optional(),
    components: z.record(z.string(), z.unknown()).optional(),
  }),
  async run({ project, path }, { backend }) {
    const document = await backend.openapi(project);
    if (path === undefined) return { outline: outlineOf(document as Readonly<Record<string, unknown>>) };
    const part = partOf(document as Readonly<Record<string, unknown>>, path);
    if (part) return part;
    throw new TurboError('NOT_FOUND', `The API of ${project} has no path ${path}`, {
      fix: 'Without path, get_api_document outlines all there are.',
    });
  },
});
