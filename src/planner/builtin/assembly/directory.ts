import type { Lemmas } from '../grammar/facts.ts';
import { PERSON_TABLES, ROLE_NOUNS } from '../grammar/lexicon.ts';
import { looksLikePerson } from '../grammar/person-noun.ts';
import { findEntity, libraryName } from '../library/entity-library.ts';
import { entityBeside } from '../library/variants.ts';
import { singularName, tableName } from '../names.ts';

/** Finds tables of a design by what people call them. */
export interface Directory {
  readonly tables: readonly string[];
  /** The table a noun phrase means: exactly, by its last words (`registered user`), or as a short name (`task`). */
  find(lemmas: Lemmas): string | undefined;
  /** The table a library entity's reference means in this design; `users` may be `members`, and where somebody is needed, `students`. */
  resolve(target: string, isNeeded?: boolean): string | undefined;
  /** The table of those who may act in a role (`author`, `inspector`); undefined for what is no role or has no table. */
  actor(role: string): string | undefined;
}

export function makeDirectory(tables: readonly string[]): Directory {
  const byKey = new Map(tables.map((table) => [singularName(table), table]));
  return {
    tables,
    actor: (role) => findActor(role, tables),
    find: (lemmas) => findTable(lemmas, byKey),
    resolve: (target, isNeeded = false) =>
      resolveTarget(target, tables, isNeeded) ?? (isNeeded ? visitorOf(target, tables) : undefined),
  };
}

export function isPerson(table: string): boolean {
  if (PERSON_LIBRARY.has(kindOf(table))) return true;
  const noun = singularName(table).split('_').at(-1) ?? '';
  return findEntity(noun) === undefined && looksLikePerson(noun);
}

/** Who comes there: they may stand for users or customers that nobody names. */
export function isVisitor(table: string): boolean {
  return COMERS.has(table) || COMERS.has(libraryName(table));
}

const PERSON_LIBRARY = new Set(
  'users people members customers employees managers volunteers students teachers patients doctors nurses trainers drivers players candidates employers donors guests authors owners parents waiters stylists guides speakers freelancers mechanics runners citizens dentists vets therapists nurses agents tutors lawyers cleaners workers adopters voters artists composers actors directors experts translators developers subscribers contractors tenants children attendees voters keepers cleaners property_residents wedding_guests election_candidates adopters salespeople'.split(
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

/** Those of them to whom things are assigned, and who keep things for themselves. */
const INSIDERS = new Set([...ACTORS].filter((table) => !['customers', 'guests'].includes(table)));

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

function resolveTarget(target: string, tables: readonly string[], isNeeded: boolean): string | undefined {
  if (tables.includes(target)) return target;
  const alike = tables.find((table) => isAlike(table, target, tables));
  if (alike) return alike;
  const suffix = tables.filter((table) => table.endsWith(`_${target}`));
  if (suffix.length === 1) return suffix[0];
  if (target === 'users') return tables.find((table) => (isNeeded ? ACTORS : INSIDERS).has(kindOf(table)));
  return ['customers', 'members', 'guests'].includes(target)
    ? tables.find((table) => ['users', 'members', 'customers', 'guests'].includes(kindOf(table)))
    : undefined;
}

/** The library's name of a table, by its last word where the whole is unknown: gym members are members. */
function kindOf(table: string): string {
  const head = singularName(table).split('_').at(-1) ?? '';
  return findEntity(table)?.name ?? findEntity(head)?.name ?? table;
}

/** By the library's name of both; two other names of one entity (tenants and visitors, of customers) are not alike. */
function isAlike(table: string, target: string, tables: readonly string[]): boolean {
  const name = entityBeside(table, tables)?.name;
  return name !== undefined && (name === target || (name === table && name === libraryName(target)));
}

/** Whoever comes there, when nobody else is kept who could have written or ordered it. */
function visitorOf(target: string, tables: readonly string[]): string | undefined {
  if (!['users', 'customers', 'members', 'players'].includes(target)) return undefined;
  return tables.find(isVisitor);
}

/** Who works there rather than comes there. */
const STAFF_ROLES = new Set(
  'operator leader manager supervisor inspector handler administrator captain head evaluator auditor instructor principal coordinator approver'.split(
    ' ',
  ),
);
const COMERS = new Set([
  'customers',
  'clients',
  'patients',
  'students',
  'passengers',
  'guests',
  'readers',
  'members',
  'parents',
  'citizens',
  'voters',
  'adopters',
  'donors',
  'owners',
  'tenants',
  'subscribers',
  'riders',
  'mentees',
  'buyers',
]);

function findActor(role: string, tables: readonly string[]): string | undefined {
  if (!ROLE_NOUNS.has(role)) return undefined;
  const people = [...PERSON_TABLES.filter((name) => tables.includes(name)), ...tables.filter(isPerson)];
  if (role === 'author') return people.find((table) => ['users', 'authors', 'people', 'employees'].includes(table));
  return people.find((table) => !STAFF_ROLES.has(role) || !COMERS.has(table));
}

export function plural(key: string): string | undefined {
  return tableName(key);
}
