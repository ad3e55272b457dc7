import type { DatabaseSchema } from '../../../domain/database-schema.ts';
import { TurboError } from '../../../domain/errors.ts';
import type { ChangeProposal } from '../../planner.ts';
import { readClause } from './read-clause.ts';

/**
 * A follow-up sentence («add a phone number to users») as SQL on the schema that there is. What was not understood is
 * told, not guessed at. Rejects with `CHANGE_REFUSED` when nothing was.
 */
export function readFollowUp(sentence: string, schema: DatabaseSchema): ChangeProposal {
  const clauses = clausesOf(sentence);
  const read = clauses.map((clause) => ({ clause, change: readClause(clause, schema) }));
  const understood = read.flatMap(({ change }) => change ?? []);
  const warnings = read
    .filter(({ change }) => !change)
    .map(({ clause }) => `Not understood, and left out: «${clause}»`);
  if (understood.length === 0) throw notUnderstood(sentence, schema);
  return {
    sql: understood.map(({ sql }) => sql).join(';\n'),
    reasoning: understood.map(({ reasoning }) => reasoning).join(' '),
    warnings: [...understood.flatMap((change) => change.warnings ?? []), ...warnings],
  };
}

function clausesOf(sentence: string): readonly string[] {
  return sentence
    .split(
      /[;\n]+|\.(?:\s|$)|,?\s+(?:and\s+)?then\s+|,\s+and\s+(?=(?:add|rename|remove|drop|delete|make|give)\b)|\s+and\s+(?=(?:add|rename|remove|drop|delete|make|give)\b)|,\s+(?=(?:add|rename|remove|drop|delete|make|give)\b)/i,
    )
    .map((clause) => clause.trim())
    .filter((clause) => /\p{L}/u.test(clause));
}

function notUnderstood(sentence: string, { tables }: DatabaseSchema): TurboError {
  return new TurboError('CHANGE_REFUSED', `Not understood: «${sentence.trim().slice(0, 200)}»`, {
    phase: 'design',
    fix: `Say it as «add a phone number to ${tables[0]?.name ?? 'users'}», «rename title to headline», «make email optional» or «remove status from orders», or pass SQL with --sql file. Tables: ${tables.map(({ name }) => name).join(', ')}.`,
  });
}
