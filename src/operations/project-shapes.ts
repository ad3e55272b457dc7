import { z } from 'zod';
import type { ProjectDetails, ProjectSummary } from '../turbobackend.ts';
import { timeField } from './fields.ts';

export const projectSummaryShape = z.object({
  projectId: z.string(),
  name: z.string(),
  status: z
    .enum(['creating', 'running', 'stopped', 'dead', 'failed', 'unknown'])
    .describe('dead: it should run and does not; stopped: on purpose'),
  prompt: z.string(),
  url: z.string().describe('Where the backend answers; empty until it is deployed'),
  tables: z.array(z.string()),
  createdAt: timeField('When it was made'),
});

export const projectShape = projectSummaryShape.extend({
  revision: z.int().min(0).describe('The newest, from 1; 0 while there is none'),
  docsUrl: z.string(),
  sourceDir: z.string().describe('The folder of its source on the machine that made it'),
  repository: z.string().describe('Where its git repository can be cloned from'),
  commit: z.string(),
  artifact: z.string().describe('Where the archive of its source lies'),
  receipt: z.string().describe('Where the receipt lies that says what was verified'),
  database: z
    .object({ name: z.string(), host: z.string(), port: z.int().min(0), user: z.string() })
    .optional()
    .describe('Missing for a backend that keeps no data'),
  runs: z.array(z.object({ runId: z.string(), status: z.string(), createdAt: timeField('When it was asked for') })),
});

export function projectSummaryView(summary: ProjectSummary): z.input<typeof projectSummaryShape> {
  return { ...summary, tables: [...summary.tables] };
}

export function projectView(details: ProjectDetails): z.input<typeof projectShape> {
  return {
    ...projectSummaryView(details),
    revision: details.revision,
    docsUrl: details.docsUrl,
    sourceDir: details.sourceDir,
    repository: details.repository,
    commit: details.commit,
    artifact: details.artifact,
    receipt: details.receipt,
    database: details.database ?? undefined,
    runs: details.runs.map(({ id, status, createdAt }) => ({ runId: id, status, createdAt })),
  };
}
