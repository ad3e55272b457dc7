import { z } from 'zod';

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
