import { z } from 'zod';
import { LARGEST_SECRET_BYTES, SHORTEST_SECRET } from '../domain/project-secrets.ts';
import { Secret } from '../domain/secret.ts';
import { projectField, timeField } from './fields.ts';
import { defineOperation, READS, type OperationAnnotations } from './operation.ts';

const secretField = z
  .string()
  .max(64)
  .describe('Capital letters, digits and underscores: STRIPE_API_KEY. DB_* and what the platform gives are taken');

const changeShape = z.object({
  project: z.string(),
  name: z.string(),
  backend: z
    .enum(['running', 'stopped', 'dead', 'none'])
    .describe('running: it has it already; stopped, dead: from its next start; none: nothing is deployed'),
});

const CHANGES: OperationAnnotations = { readOnly: false, destructive: true, idempotent: true, openWorld: false };

export const listSecrets = defineOperation({
  name: 'list_secrets',
  title: 'List secrets',
  description:
    "Lists the names of the secrets that a project's backend has, and of those that its .env.example asks for; never a value. " +
    'Only a person sets one: `turbobackend secrets set <project> <NAME>` in a terminal, or over HTTP.',
  scope: 'read',
  annotations: READS,
  http: { method: 'GET', path: '/v1/projects/{project}/secrets', tag: 'Projects' },
  input: z.strictObject({ project: projectField }),
  output: z.object({
    data: z.array(
      z.object({
        name: z.string(),
        isNeeded: z.boolean().describe('Whether the code asks for it in .env.example'),
        isSet: z.boolean(),
        setAt: timeField('When it was set last').optional(),
      }),
    ),
  }),
  async run({ project }, { backend }) {
    const secrets = await backend.listSecrets(project);
    return { data: secrets.map((secret) => ({ ...secret, isSet: secret.setAt !== undefined })) };
  },
});

/** No tool: whatever a model is given stays in its conversation. */
export const setSecret = defineOperation({
  name: 'set_secret',
  title: 'Set a secret',
  description:
    "Gives a project's backend a secret as an environment variable. A running backend has it when this is answered, without a " +
    'lost call. It is kept sealed and never shown again.',
  scope: 'write',
  annotations: CHANGES,
  isTool: false,
  http: { method: 'POST', path: '/v1/projects/{project}/secrets', tag: 'Projects' },
  input: z.strictObject({
    project: projectField,
    name: secretField,
    value: z
      .string()
      .min(SHORTEST_SECRET)
      .max(LARGEST_SECRET_BYTES)
      .meta({ format: 'password', writeOnly: true })
      .describe('At least 6 characters, as what is shorter could not be kept out of logs'),
  }),
  output: changeShape,
  async run({ project, name, value }, { backend }) {
    return { ...(await backend.setSecret(project, name, new Secret(value))), name };
  },
});

export const unsetSecret = defineOperation({
  name: 'unset_secret',
  title: 'Take a secret away',
  description: "Takes a secret away from a project's backend, a running one without a lost call.",
  scope: 'write',
  annotations: CHANGES,
  isTool: false,
  http: { method: 'DELETE', path: '/v1/projects/{project}/secrets/{name}', tag: 'Projects' },
  input: z.strictObject({ project: projectField, name: secretField }),
  output: changeShape,
  async run({ project, name }, { backend }) {
    return { ...(await backend.unsetSecret(project, name)), name };
  },
});
