import type { Lemmas } from '../grammar/facts.ts';
import { PERSON_TABLES, ROLE_NOUNS } from '../grammar/lexicon.ts';
import { libraryName } from '../library/entity-library.ts';
import { singularName, tableName } from '../names.ts';

/** Finds tables of a design by what people call them. */
export interface Directory {
  readonly tables: readonly string[];
  /** The table a noun phrase means: exactly, by its last words (`registered user`), or as a short name (`task`). */
  find(lemmas: Lemmas): string | undefined;
  /** The table a library entity's reference means in this design; `users` may be `members`. */
  resolve(target: string): string | undefined;
  /** The table of those who act, when there is one. */
  readonly person: string | undefined;
}

export function makeDirectory(tables: readonly string[]): Directory {
  const byKey = new Map(tables.map((table) => [singularName(table), table]));
  const person = PERSON_TABLES.find((name) => tables.includes(name)) ?? tables.find((table) => isPerson(table));
  return {
    tables,
    person,
    find: (lemmas) => findTable(lemmas, byKey),
    resolve: (target) => resolveTarget(target, tables),
  };
}

export function isPerson(table: string): boolean {
  return PERSON_LIBRARY.has(libraryName(table));
}

const PERSON_LIBRARY = new Set(
  'users people members customers employees managers volunteers students teachers patients doctors nurses trainers drivers players candidates employers donors guests authors owners parents waiters stylists guides speakers freelancers mechanics runners citizens'.split(
    ' ',
  ),
);

/** Whose rows may stand for a library's `users`. */
const ACTORS = new Set([
  'users',
  'members',
  'customers',
  'guests',
  'people',
  'employees',
  'players',
  'project_members',
]);

function findTable(lemmas: Lemmas, byKey: ReadonlyMap<string, string>): string | undefined {
  for (let start = 0; start < lemmas.length; start++) {
    const found = byKey.get(lemmas.slice(start).join('_'));
    if (found) return found;
  }
  const key = lemmas.join('_');
  if (!key) return undefined;
  const longer = [...byKey].filter(([name]) => name.endsWith(`_${key}`));
  if (longer.length === 1) return longer[0]?.[1];
  return undefined;
}

function resolveTarget(target: string, tables: readonly string[]): string | undefined {
  if (tables.includes(target)) return target;
  const alike = tables.find((table) => libraryName(table) === libraryName(target));
  if (alike) return alike;
  const suffix = tables.filter((table) => table.endsWith(`_${target}`));
  if (suffix.length === 1) return suffix[0];
  if (target === 'users') return tables.find((table) => ACTORS.has(libraryName(table))) ?? undefined;
  return ['customers', 'members', 'guests'].includes(target)
    ? tables.find((table) => ['users', 'members', 'customers', 'guests'].includes(libraryName(table)))
    : undefined;
}

export function isRole(lemma: string): boolean {
  return ROLE_NOUNS.has(lemma);
}

export function plural(key: string): string | undefined {
  return tableName(key);
}
