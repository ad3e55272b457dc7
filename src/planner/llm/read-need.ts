import { z } from 'zod';
import type { DatabaseNeed } from '../../domain/schema-design.ts';
import { lineOf, withPlainKeys } from './read-text.ts';

const verdict = z.preprocess((value) => (typeof value === 'string' ? spoken(value) : value), z.boolean());

const need = z.object({ needsDatabase: verdict, reasoning: lineOf(500).catch('') });

/** The model's answer to «does this prompt need a database?», wrapped in another object or not. */
export const needAnswer: z.ZodType<DatabaseNeed> = z.preprocess(unwrapped, need).transform((answer) => ({
  needsDatabase: answer.needsDatabase,
  reasoning: answer.reasoning || `The model says that ${answer.needsDatabase ? 'one' : 'none'} is needed.`,
}));

function spoken(word: string): unknown {
  const plain = word.trim().toLowerCase();
  if (plain === 'true' || plain === 'yes') return true;
  return plain === 'false' || plain === 'no' ? false : word;
}

function unwrapped(value: unknown): unknown {
  const plain = withPlainKeys(Array.isArray(value) ? value[0] : value);
  if (typeof plain !== 'object' || plain === null || 'needsDatabase' in plain) return plain;
  const inner = Object.values(plain).map(withPlainKeys);
  return inner.find((one) => typeof one === 'object' && one !== null && 'needsDatabase' in one) ?? plain;
}
