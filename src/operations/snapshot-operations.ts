import { z } from 'zod';
import { projectField, timeField } from './fields.ts';
import { defineOperation, READS } from './operation.ts';

const snapshotShape = z.object({
  id: z.string(),
  revision: z.int().describe('The revision that it was taken of'),
  reason: z.string(),
  sizeBytes: z.number(),
  createdAt: timeField('When it was taken'),
});

export const listSnapshots = defineOperation({
  name: 'list_snapshots',
  title: 'List snapshots',
  description:
    "Lists the copies of a project's database that are kept, the newest first. One is taken before each change that loses data. " +
    'Only a person restores or removes one, in a terminal: `turbobackend snapshot restore <project> <snapshot>`.',
  scope: 'read',
  annotations: READS,
  isTool: false,
  http: { method: 'GET', path: '/v1/projects/{project}/snapshots', tag: 'Changes' },
  input: z.strictObject({ project: projectField }),
  output: z.object({ data: z.array(snapshotShape) }),
  run: async ({ project }, { backend }) => ({ data: [...(await backend.listSnapshots(project))] }),
});

export const takeSnapshot = defineOperation({
  name: 'take_snapshot',
  title: 'Take a snapshot',
  description:
    "Keeps a copy of a project's database as it is now. Older ones beyond the limits go; the last three stay in any case.",
  scope: 'write',
  annotations: { readOnly: false, destructive: false, idempotent: false, openWorld: false },
  isTool: false,
  http: { method: 'POST', path: '/v1/projects/{project}/snapshots', tag: 'Changes', status: 201 },
  input: z.strictObject({ project: projectField }),
  output: snapshotShape,
  run: ({ project }, { backend }) => backend.takeSnapshot(project),
});
