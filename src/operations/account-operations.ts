import { z } from 'zod';
import { SCOPES, type ApiKey } from '../domain/api-key.ts';
import { timeField } from './fields.ts';
import { defineOperation, READS } from './operation.ts';

const DAY_SECONDS = 24 * 60 * 60;

export const getUsage = defineOperation({
  name: 'get_usage',
  title: 'Show the usage',
  description: 'Tells how many runs you had and what the models they called cost.',
  scope: 'read',
  annotations: READS,
  http: { method: 'GET', path: '/v1/usage', tag: 'Account' },
  input: z.strictObject({ days: z.int().min(1).max(366).default(30).describe('How many days to look back') }),
  output: z.object({
    sinceAt: timeField('From when on'),
    projects: z.int().min(0).describe('How many there are now'),
    runs: z.object({
      queued: z.int().min(0),
      running: z.int().min(0),
      succeeded: z.int().min(0),
      failed: z.int().min(0),
      cancelled: z.int().min(0),
    }),
    models: z.array(
      z.object({
        provider: z.string(),
        model: z.string(),
        calls: z.int().min(0),
        tokensIn: z.int().min(0),
        tokensOut: z.int().min(0),
        costUsd: z.number().optional(),
      }),
    ),
    costUsd: z.number().optional().describe('US dollars; missing when a price is not known'),
  }),
  async run({ days }, { backend }) {
    const sinceAt = Math.floor(Date.now() / 1000) - days * DAY_SECONDS;
    const { projects, runs, models } = await backend.usage(sinceAt);
    const costs = models.map(({ costUsd }) => costUsd);
    const costUsd = costs.reduce<number | undefined>(
      (sum, cost) => (sum === undefined || cost === undefined ? undefined : sum + cost),
      0,
    );
    return { sinceAt, projects, runs, models: [...models], costUsd };
  },
});

const keyShape = z.object({
  keyId: z.string(),
  name: z.string(),
  prefix: z.string().describe('How the key begins'),
  scope: z.enum(SCOPES),
  createdAt: timeField('When it was made'),
  lastUsedAt: timeField('When it was last used').optional(),
});

export const listKeys = defineOperation({
  name: 'list_keys',
  title: 'List your API keys',
  description: 'Lists your API keys that are not revoked.',
  scope: 'admin',
  annotations: READS,
  isTool: false,
  http: { method: 'GET', path: '/v1/keys', tag: 'Account' },
  input: z.strictObject({}),
  output: z.object({ data: z.array(keyShape) }),
  run: async (_input, { keys, caller }) => ({ data: (await keys.list(caller.ownerId)).map(keyView) }),
});

export const createKey = defineOperation({
  name: 'create_key',
  title: 'Make an API key',
  description: 'Makes another API key of yours. The answer is the one time that it can be seen.',
  scope: 'admin',
  annotations: { readOnly: false, destructive: false, idempotent: false, openWorld: false },
  isTool: false,
  http: { method: 'POST', path: '/v1/keys', tag: 'Account', status: 201 },
  input: z.strictObject({
    name: z.string().min(1).max(100).describe('What you call it'),
    scope: z
      .enum(SCOPES)
      .default('write')
      .describe('read looks; write also makes and deletes; admin also manages keys'),
  }),
  output: keyShape.extend({ key: z.string().describe('Send it as Authorization: Bearer …') }),
  async run({ name, scope }, { keys, caller }) {
    const { apiKey, key } = await keys.create({ ownerId: caller.ownerId, name, scope });
    return { ...keyView(apiKey), key: key.reveal() };
  },
});

export const revokeKey = defineOperation({
  name: 'revoke_key',
  title: 'Revoke an API key',
  description: 'Revokes one of your API keys: from now on it opens nothing.',
  scope: 'admin',
  annotations: { readOnly: false, destructive: true, idempotent: true, openWorld: false },
  isTool: false,
  http: { method: 'DELETE', path: '/v1/keys/{keyId}', tag: 'Account' },
  input: z.strictObject({ keyId: z.string().min(1).max(100) }),
  output: keyShape,
  run: async ({ keyId }, { keys, caller }) => keyView(await keys.revoke(keyId, caller.ownerId)),
});

function keyView({ keyId, name, prefix, scope, createdAt, lastUsedAt }: ApiKey): z.input<typeof keyShape> {
  return { keyId, name, prefix, scope, createdAt, lastUsedAt };
}
