import type { DatabaseSchema } from '../../../domain/database-schema.ts';
import { inActiveVoice } from './active-voice.ts';
import type { ClauseChange } from './clause-change.ts';
import { FORMS } from './forms.ts';

/** Undefined when no form fits, or names something that the schema does not have. */
export function readClause(clause: string, schema: DatabaseSchema): ClauseChange | undefined {
  const text = inActiveVoice(
    clause
      .replace(/^(?:please|now|also|and|can you|could you|i want to|we want to|let'?s|i need to|we need to)\s+/i, '')
      .replace(/[.!?]+$/, '')
      .trim(),
  );
  for (const [pattern, read] of FORMS) {
    const parts = pattern.exec(text)?.groups;
    const change =
      parts && read(schema, Object.fromEntries(Object.entries(parts).map(([name, value]) => [name, value ?? ''])));
    if (change) return change;
  }
  return undefined;
}
