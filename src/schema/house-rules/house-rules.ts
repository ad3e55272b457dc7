import type { Finding } from '../../domain/schema-design.ts';
import { resolveReferences } from '../check-references.ts';
import type { SchemaDraft } from '../schema-draft.ts';
import { hashedPasswords } from './hashed-passwords.ts';
import type { Departure, HouseRule } from './house-rule.ts';
import { indexedForeignKeys } from './indexed-foreign-keys.ts';
import { matchingTypes } from './matching-types.ts';
import { newestFirst } from './newest-first.ts';
import { primaryKeys } from './primary-keys.ts';
import { requiredColumns } from './required-columns.ts';
import { snakeCaseNames } from './snake-case-names.ts';
import { statedDeletes } from './stated-deletes.ts';
import { unixTimes } from './unix-times.ts';
import { varcharIds } from './varchar-ids.ts';

/** In the order in which they are applied: names first, then keys and types, then what rests on them. */
const RULES: readonly HouseRule[] = [
  snakeCaseNames,
  hashedPasswords,
  primaryKeys,
  varcharIds,
  unixTimes,
  matchingTypes,
  requiredColumns,
  statedDeletes,
  indexedForeignKeys,
  newestFirst,
];

/** The draft as the house rules want it; each change is told. */
export function applyHouseRules(draft: SchemaDraft, findings: Finding[]): SchemaDraft {
  return RULES.reduce((current, rule) => {
    const outcome = rule(resolveReferences(current));
    findings.push(...outcome.departures.filter(({ isAddition }) => !isAddition).map(toChange));
    return outcome.draft;
  }, draft);
}

/** Where a user's own schema departs from the house rules, which leave it as it is. */
export function tellHouseRules(draft: SchemaDraft): readonly Finding[] {
  const resolved = resolveReferences(draft);
  return RULES.flatMap((rule) => rule(resolved).departures.map(toNote));
}

function toChange({ code, table, message, instead }: Departure): Finding {
  return { severity: 'change', code, table, message: `${message}: now ${instead}` };
}

function toNote({ code, table, message, instead }: Departure): Finding {
  return { severity: 'note', code, table, message, fix: `Write ${instead}.` };
}
