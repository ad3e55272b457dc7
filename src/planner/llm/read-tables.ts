import { z } from 'zod';
import type { ProposedColumn, ProposedTable } from '../../domain/schema-design.ts';
import { cleanText, withPlainKeys } from './read-text.ts';

const MOST_TABLES = 200;

const column: z.ZodType<ProposedColumn> = z.preprocess(
  columnFromWords,
  z.object({
    name: cleanText.pipe(z.string().min(1)),
    type: cleanText.pipe(z.string().min(1)),
    constraints: z.preprocess(joined(' '), cleanText),
  }),
);

const table: z.ZodType<ProposedTable> = z.preprocess(
  tableFromSynonyms,
  z
    .object({
      tableName: cleanText.pipe(z.string().min(1)),
      columns: z.array(column).optional(),
      createQuery: z.preprocess(joined(';\n'), cleanText),
    })
    .refine((read) => read.createQuery.trim() !== '' || (read.columns ?? []).length > 0, {
      message: 'has neither a createQuery nor columns',
    }),
);

/** The model's tables, in whatever they are wrapped. What they say is for the schema room to judge. */
export const tablesAnswer: z.ZodType<readonly ProposedTable[]> = z.preprocess(
  unwrapped,
  z
    .object({ tables: z.array(table).min(1, 'is empty: at least one table is needed').max(MOST_TABLES) })
    .transform(({ tables }) => withoutRepetitions(tables)),
);

function unwrapped(value: unknown): unknown {
  if (Array.isArray(value)) return { tables: value as unknown[] };
  const plain = withPlainKeys(value);
  if (typeof plain !== 'object' || plain === null || 'tables' in plain) return plain;
  const inner = Object.values(plain).map(withPlainKeys);
  return inner.find((one) => typeof one === 'object' && one !== null && 'tables' in one) ?? plain;
}

function tableFromSynonyms(value: unknown): unknown {
  const plain = withPlainKeys(value) as Record<string, unknown>;
  if (typeof plain !== 'object' || plain === null) return value;
  return {
    tableName: plain['tableName'] ?? plain['name'] ?? plain['table'],
    columns: plain['columns'] ?? plain['fields'] ?? undefined,
    createQuery: plain['createQuery'] ?? plain['createStatement'] ?? plain['sql'] ?? plain['ddl'] ?? plain['query'],
  };
}

/** `id varchar PRIMARY KEY` for a column that was written out. */
function columnFromWords(value: unknown): unknown {
  if (typeof value !== 'string') return withPlainKeys(value);
  const [name, type, ...constraints] = value.trim().split(/\s+/);
  return { name, type, constraints };
}

function joined(between: string): (value: unknown) => unknown {
  return (value) => (Array.isArray(value) ? value.join(between) : (value ?? ''));
}

/** A table told twice in the same words is one; told differently it is for the schema room to object. */
function withoutRepetitions(tables: readonly ProposedTable[]): readonly ProposedTable[] {
  return [...new Map(tables.map((one) => [JSON.stringify([one.tableName, one.createQuery]), one])).values()];
}
