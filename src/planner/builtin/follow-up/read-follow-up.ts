import type { DatabaseSchema } from '../../../domain/database-schema.ts';
import { TurboError } from '../../../domain/errors.ts';
import { nearestName } from '../../../domain/nearest-name.ts';
import type { ChangeProposal } from '../../planner.ts';
import { singularName } from '../names.ts';
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
    .map(({ clause }) => `Not understood, and left out: «${clause}»${meant(clause, schema)}`);
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
      /[;\n]+|\.(?:\s|$)|,?\s+(?:and\s+)?then\s+|,\s+and\s+(?=(?:add|rename|remove|drop|delete|make|give|change|set|index|allow|convert|soft)\b)|\s+and\s+(?=(?:add|rename|remove|drop|delete|make|give|change|set|index|allow|convert|soft)\b)|,\s+(?=(?:add|rename|remove|drop|delete|make|give|change|set|index|allow|convert|soft)\b)/i,
    )
    .map((clause) => clause.trim())
    .filter((clause) => /\p{L}/u.test(clause));
}

function notUnderstood(sentence: string, schema: DatabaseSchema): TurboError {
  const { tables } = schema;
  const said = `Not understood: «${sentence.trim().slice(0, 200)}»${meant(sentence, schema)}`;
  return new TurboError('CHANGE_REFUSED', said, {
    phase: 'design',
    fix: `Say it as «add a phone number to ${tables[0]?.name ?? 'users'}», «rename title to headline», «make email optional» or «remove status from orders», or pass SQL with --sql file. Tables: ${tables.map(({ name }) => name).join(', ')}.`,
  });
}

/** A name of the schema that a word of the sentence may have been meant for. */
function meant(sentence: string, { tables }: DatabaseSchema): string {
  const names = tables.flatMap((table) => [table.name, ...table.columns.map(({ name }) => name)]);
  const known = new Set(names.flatMap((name) => [name, singularName(name), ...name.split('_')]));
  const words = sentence.toLowerCase().match(/[a-z_]{4,}/g) ?? [];
  const near = words
    .filter((word) => !known.has(word) && !known.has(singularName(word)))
    .flatMap(
      (word) =>
        nearestName(
          word,
          [...known].filter((name) => name.length > 3),
        ) ?? [],
    );
  return near[0] === undefined ? '' : `; did you mean ${near[0]}?`;
}
