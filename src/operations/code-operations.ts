import { z } from 'zod';
import { TurboError } from '../domain/errors.ts';
import { outlineOf, partOf } from './api-outline.ts';
import { projectField } from './fields.ts';
import { defineOperation, READS, READS_FOREIGN_TEXT } from './operation.ts';

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
