import { z } from 'zod';
import type { ChangeProposal } from '../planner.ts';
import { lineOf, withPlainKeys } from './read-text.ts';

const statements = z.union([z.array(z.string()).transform((list) => list.join(';\n')), z.string()]);

const change = z.object({
  statements,
  reasoning: lineOf(1000).catch(''),
  warnings: z.array(lineOf(500)).catch([]),
});

/** The model's answer to a request for a change. */
export const changeAnswer: z.ZodType<ChangeProposal> = z
  .preprocess(withPlainKeys, change)
  .transform(({ statements: sql, reasoning, warnings }) => ({ sql, reasoning, warnings }));
