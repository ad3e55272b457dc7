import { z } from 'zod';
import { GATES, type Receipt } from '../domain/receipt.ts';
import { accessShape, accessView, timeField } from './fields.ts';

export const receiptShape = z.object({
  version: z.literal(1),
  runId: z.string(),
  projectId: z.string(),
  name: z.string(),
  prompt: z.string(),
  planner: z.enum(['builtin', 'llm']),
  schemaHash: z.string().optional().describe('sha256 of the statements; missing without a database'),
  design: z
    .enum(['given', 'planned', 'guess'])
    .optional()
    .describe('Where the tables come from; missing without a database'),
  access: accessShape.optional(),
  sourceHash: z.string().describe('sha256 over every source file'),
  versions: z.record(z.string(), z.string()),
  sandbox: z.array(z.string()).describe('What the sandbox guarantees'),
  gates: z.array(
    z.object({
      gate: z.enum(GATES),
      status: z.enum(['passed', 'failed', 'skipped']),
      durationMs: z.number(),
      summary: z.string(),
      evidence: z.array(z.string()),
    }),
  ),
  passed: z.boolean(),
  createdAt: timeField('When'),
});

export function receiptView(receipt: Receipt): z.input<typeof receiptShape> {
  return {
    ...receipt,
    schemaHash: receipt.schemaHash ?? undefined,
    design: receipt.design ?? undefined,
    access: receipt.access ? accessView(receipt.access) : undefined,
    sandbox: [...receipt.sandbox],
    gates: receipt.gates.map((gate) => ({ ...gate, evidence: [...gate.evidence] })),
  };
}
