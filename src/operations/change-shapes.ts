import { z } from 'zod';
import type { ChangePlan, Revision, RevisionDetails, RevisionDiff } from '../domain/change-plan.ts';
import { timeField } from './fields.ts';
import { receiptShape, receiptView } from './receipt-shape.ts';
import { runKindShape } from './run-shapes.ts';

export const changedFileShape = z.object({ path: z.string(), change: z.enum(['added', 'changed', 'removed']) });

export const changePlanShape = z.object({
  planId: z.string().describe('What apply_change takes'),
  project: z.string().describe("The project's name"),
  baseRevision: z.int().min(1).describe('The revision that it was made for; it fits no other'),
  reasoning: z.string(),
  statements: z
    .array(
      z.object({
        sql: z.string(),
        risk: z
          .enum(['safe', 'may-fail', 'locks', 'loses-data'])
          .describe('How dangerous it is for a database with rows'),
        lock: z.string().describe('The strongest lock on a table with rows; empty when there is none'),
        rewritesTable: z.boolean(),
        rows: z.int().min(0).describe('Of the table that it touches'),
        reverse: z.string().optional().describe('What takes it back; missing when nothing can'),
        durationMs: z.number().min(0).describe('On a copy with all rows'),
      }),
    )
    .describe('What would happen to the database, in order'),
  files: z.array(changedFileShape).describe('What would happen to the source'),
  warnings: z.array(z.string()),
  needsConsent: z.boolean().describe('Whether a person has to agree, since data goes out of reach'),
  schema: z.object({ tables: z.array(z.record(z.string(), z.unknown())) }).describe('As it would be'),
  possibleRenames: z
    .array(z.object({ from: z.string(), to: z.string() }))
    .optional()
    .describe('What goes and what comes that could be one thing with another name: told as renames, its values stay'),
});

export function changePlanView(plan: ChangePlan): z.input<typeof changePlanShape> {
  return {
    ...plan,
    statements: plan.statements.map(({ reverse, ...statement }) => ({ ...statement, reverse: reverse ?? undefined })),
    files: [...plan.files],
    warnings: [...plan.warnings],
    possibleRenames: plan.possibleRenames && [...plan.possibleRenames],
    schema: { tables: plan.schema.tables.map((table) => ({ ...table })) },
  };
}

export const revisionShape = z.object({
  number: z.int().min(1),
  kind: runKindShape.describe('The kind of run that made it'),
  prompt: z.string().describe('What was asked for'),
  commit: z.string(),
  createdAt: timeField('When it was made'),
  migrations: z.array(z.string()).describe('Names of the migrations that it added'),
});

export function revisionView(revision: Revision): z.input<typeof revisionShape> {
  return { ...revision, migrations: [...revision.migrations] };
}

export const revisionDetailsShape = revisionShape.extend({
  runId: z.string(),
  sourceHash: z.string().describe('sha256 over every source file'),
  migrations: z.array(z.object({ name: z.string(), sql: z.string() })).describe('The migrations that it added'),
  schemaSql: z.string().describe('The statements that would make its tables anew; empty without a database'),
  receipt: receiptShape.optional().describe('What was verified'),
});

export function revisionDetailsView(details: RevisionDetails): z.input<typeof revisionDetailsShape> {
  return {
    ...details,
    migrations: [...details.migrations],
    receipt: details.receipt && receiptView(details.receipt),
  };
}

export const revisionDiffShape = z.object({
  project: z.string(),
  from: z.int().min(1),
  to: z.int().min(1),
  files: z.array(
    changedFileShape.extend({
      patch: z.string().describe('As diff -u writes it'),
      truncated: z.boolean().describe('Whether the patch was cut'),
    }),
  ),
  schema: z.string().describe('What differs in the statements that would make the tables anew, as diff -u writes it'),
});

export function revisionDiffView(diff: RevisionDiff): z.input<typeof revisionDiffShape> {
  return { ...diff, files: [...diff.files] };
}
