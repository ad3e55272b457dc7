import { z } from 'zod';
import type { AccessGrant, AccessPlan } from '../domain/access.ts';

// Fields that several operations take.

export const projectField = z.string().min(1).max(100).describe("The project's name or id");

export const runField = z.string().min(1).max(100).describe("The run's id");

export const promptField = z
  .string()
  .max(50_000)
  .describe('What the backend is for, in a sentence or more; may be empty when schemaSql is given');

export const schemaSqlField = z
  .string()
  .max(1_000_000)
  .optional()
  .describe('CREATE TABLE statements of your own, used instead of a designed schema');

export const authField = z
  .enum(['none', 'password'])
  .optional()
  .describe('Whether people sign up and in; by the prompt when missing');

export const accessField = z
  .array(z.string().max(1000))
  .max(200)
  .optional()
  .describe('Rules in place of planned ones, each like `posts=read:anyone,change:owner|role:editor,remove:nobody`');

const grantShape = z.union([
  z.string(),
  z.object({ who: z.string(), where: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])) }),
]);

export const accessShape = z
  .object({
    auth: z.enum(['none', 'api-key', 'password']),
    accounts: z
      .object({ table: z.string(), login: z.string(), password: z.string(), role: z.string().optional() })
      .optional()
      .describe('The table of those who sign in, and what its columns are for'),
    tables: z.array(
      z.object({
        table: z.string(),
        owner: z.string().optional().describe('The column, or the way over references, that says whose a row is'),
        read: z.array(grantShape),
        create: z.array(grantShape),
        change: z.array(grantShape),
        remove: z.array(grantShape).describe('Nobody may where a list is empty'),
        refer: z.array(grantShape).optional(),
        closed: z.array(z.string()).optional(),
      }),
    ),
  })
  .describe('Who may do what; with auth `none` everybody everything');

export function accessView({ auth, accounts, tables }: AccessPlan): z.input<typeof accessShape> {
  return {
    auth,
    accounts,
    tables: tables.map(({ table, owner, read, create, change, remove, refer, closed }) => ({
      table,
      owner,
      read: read.map(grantView),
      create: create.map(grantView),
      change: change.map(grantView),
      remove: remove.map(grantView),
      refer: refer?.map(grantView),
      closed: closed && [...closed],
    })),
  };
}

function grantView(grant: AccessGrant): z.input<typeof grantShape> {
  return typeof grant === 'string' ? grant : { who: grant.who, where: { ...grant.where } };
}

export const limitField = (most: number, usual: number) =>
  z.int().min(1).max(most).default(usual).describe('How many at most');

export const cursorField = z.string().max(4000).optional().describe('The nextCursor of the page before');

export const nextCursorField = z
  .string()
  .optional()
  .describe('Pass it as cursor to get what comes after; missing on the last page');

export const waitField = z
  .int()
  .min(0)
  .max(45)
  .default(0)
  .describe('How long to wait for the run to end before answering');

export const timeField = (description: string) => z.int().min(0).describe(`${description}, in unix seconds`);
