import type { DraftColumn, DraftTable } from '../draft.ts';
import type { Fact } from '../grammar/facts.ts';
import type { Directory } from './directory.ts';
import { foreignKeyTo, junctionTable } from '../draft.ts';
import { AMBIGUOUS, EVENT_NOUNS, VERBS } from '../grammar/lexicon.ts';
import { findEntity, libraryName } from '../library/entity-library.ts';
import { isPartOf } from '../library/ties.ts';
import { singularName, tableName } from '../names.ts';
import { attributeColumn } from './attribute-columns.ts';
import { isPerson, makeDirectory } from './directory.ts';
import { isExpectedBetween } from './between.ts';
import { libraryColumns } from './library-columns.ts';

/** Verbs by which somebody makes the thing: it is theirs. */
const MAKING = new Set(
  'place create write make submit post publish upload add leave own host send have contain include offer list open start record register log keep hold raise issue manage teach receive get consist comprise supervise lead provide sell cover employ run operate organize plan share generate use undertake involve produce maintain'.split(
    ' ',
  ),
);

/** Gives the parts a key to their owner, and makes a junction where both sides have many of each other. */
export function tieTables(tables: readonly DraftTable[], facts: readonly Fact[], directory: Directory): DraftTable[] {
  const pairs = ownerPairs(facts, directory);
  const mutual = pairs.filter(
    ([owner, part]) =>
      isShared(part) || (owner < part && pairs.some(([other, piece]) => other === part && piece === owner)),
  );
  const isMutual = (owner: string, part: string) => mutual.some((pair) => pair.includes(owner) && pair.includes(part));
  const tied = tables.map((table) => {
    const owners = pairs
      .filter(([owner, part]) => part === table.name && !isMutual(owner, part))
      .map(([owner]) => owner);
    return addOwners(table, [...new Set(owners)], tables);
  });
  const junctions = mutual
    .filter(([left, right]) => !isBridged(tied, left, right))
    .map(([left, right]) => junctionTable(left, right, junctionName(left, right), 0.7));
  return [...untangle(tied, pairs), ...junctions];
}

/** Where two tables point at each other, the one that was said to have many of the other does not. */
function untangle(tables: readonly DraftTable[], pairs: readonly (readonly [string, string])[]): DraftTable[] {
  return tables.map((table) => ({
    ...table,
    columns: table.columns.filter(({ references }) => {
      const isOwner = pairs.some(([owner, part]) => owner === table.name && part === references);
      return (
        references === undefined || references === table.name || !isOwner || !pointsAt(tables, references, table.name)
      );
    }),
  }));
}

/** Many rows of other tables have the same of these. */
function isShared(table: string): boolean {
  return /(^|_)(tags|roles|skills|permissions|labels|genres|ingredients|amenities|languages|keywords|interests|allergies|hashtags)$/.test(
    table,
  );
}

/** Tables for what people do to things: «members borrow books» keeps loans. */
export function eventTables(
  tables: readonly DraftTable[],
  facts: readonly Fact[],
  directory: Directory,
  isPrecise: boolean,
): DraftTable[] {
  let result = [...tables];
  for (const fact of facts) {
    if (fact.kind !== 'action') continue;
    const actor = directory.find(fact.actor);
    const object = directory.find(fact.object);
    if (fact.items.length > 0) result = recordEvent(result, fact, directory);
    else if (
      actor &&
      object &&
      isPerson(actor) &&
      ((SOCIAL.has(fact.verb) && !isPrecise) ||
        (isEventVerb(fact.verb) && actor !== object && !isTied(result, actor, object))) &&
      !isRecorded(result, fact.verb, actor, object)
    ) {
      result = [...result, newEvent(fact.verb, actor, object, result)];
    }
  }
  return result;
}

/** What people do to what others made, too. */
const SOCIAL = new Set(['like', 'follow', 'vote', 'favorite', 'bookmark', 'rate', 'comment']);

/** There is a table between the two, and for what is done socially, one of that name. */
function isRecorded(tables: readonly DraftTable[], verb: string, actor: string, object: string): boolean {
  if (!SOCIAL.has(verb)) return isBridged(tables, actor, object);
  const noun = tableName(EVENT_NOUNS[verb] ?? verb) ?? verb;
  return tables.some(({ name }) => name === noun || name.endsWith(`_${noun}`));
}

function isEventVerb(verb: string): boolean {
  return (
    verb in EVENT_NOUNS &&
    !MAKING.has(verb) &&
    ![
      'review',
      'check',
      'save',
      'use',
      'browse',
      'select',
      'play',
      'maintain',
      'monitor',
      'evaluate',
      'assign',
      'operate',
      'complete',
    ].includes(verb)
  );
}

function ownerPairs(facts: readonly Fact[], directory: Directory): (readonly [string, string])[] {
  return facts.flatMap((fact) => {
    if (fact.kind !== 'has-many' && !(fact.kind === 'action' && MAKING.has(fact.verb))) return [];
    const owner = directory.find(fact.kind === 'has-many' ? fact.owner : fact.actor);
    const part = directory.find(fact.kind === 'has-many' ? fact.part : fact.object);
    return owner && part && owner !== part && !isExpectedBetween(owner, part) ? [[owner, part] as const] : [];
  });
}

function addOwners(table: DraftTable, owners: readonly string[], tables: readonly DraftTable[]): DraftTable {
  const missing = owners.filter(
    (owner) =>
      !table.columns.some((column) => column.references === owner) &&
      !isNeededBy(tables, owner, table.name) &&
      !isBridged(tables, owner, table.name),
  );
  return { ...table, columns: [...table.columns, ...missing.map((owner) => ownerKey(table.name, owner))] };
}

/** A review goes with its book, as the library knows; of what it does not know, the names have to tell. */
function ownerKey(part: string, owner: string): DraftColumn {
  const isKnownPart = isTarget(part, owner) && isPartOf(libraryName(part), libraryName(owner)) && !isPerson(owner);
  return { ...foreignKeyTo(owner), isPart: isKnownPart || undefined };
}

function pointsAt(tables: readonly DraftTable[], from: string, to: string): boolean {
  return tables.some((table) => table.name === from && table.columns.some((column) => column.references === to));
}

/** The owner points at the part as such (not in a role, as at a department's manager), or cannot be without it. */
function isNeededBy(tables: readonly DraftTable[], owner: string, part: string): boolean {
  const columns = tables.find(({ name }) => name === owner)?.columns ?? [];
  return columns.some(
    (column) => column.references === part && (!column.nullable || column.name === `${singularName(part)}_id`),
  );
}

/** A third table points at both. */
export function isBridged(tables: readonly DraftTable[], left: string, right: string): boolean {
  return tables.some((table) =>
    [left, right].every((end) => table.columns.some((column) => column.references === end)),
  );
}

function isTied(tables: readonly DraftTable[], left: string, right: string): boolean {
  return pointsAt(tables, left, right) || pointsAt(tables, right, left);
}

function recordEvent(
  tables: readonly DraftTable[],
  fact: Fact & { kind: 'action' },
  directory: Directory,
): DraftTable[] {
  const noun = EVENT_NOUNS[fact.verb] ?? fact.verb;
  const ends = [directory.find(fact.actor), directory.find(fact.object)].filter((end) => end !== undefined);
  const known =
    directory.find([noun]) ??
    tables.find(
      (table) => ends.length > 1 && ends.every((end) => table.columns.some((column) => column.references === end)),
    )?.name;
  const name = known ?? (isNoun(fact.verb) ? eventName(noun, ends, tables) : unnamedEvent(ends, tables));
  const columns = [
    ...ends.filter((end) => end !== name).map((end) => foreignKeyTo(end)),
    ...fact.items.map((item) => attributeColumn(name, item, directory)).filter((column) => column !== undefined),
  ];
  if (known === undefined) return [...tables, { name, columns, uniques: [], confidence: 0.7 }];
  return tables.map((table) =>
    table.name === known
      ? {
          ...table,
          columns: [
            ...table.columns,
            ...columns.filter((column) => !table.columns.some((other) => other.name === column.name)),
          ],
        }
      : table,
  );
}

function isNoun(verb: string): boolean {
  return verb in EVENT_NOUNS || AMBIGUOUS.has(verb) || !VERBS.has(verb);
}

/** No table is named by a verb: «when a user edits a problem» is recorded in `user_problem_records`. */
function unnamedEvent(ends: readonly string[], tables: readonly DraftTable[]): string {
  const things = ends.map((end) => singularName(end)).join('_');
  return eventName(`${things}_record`, ends, tables);
}

function newEvent(verb: string, actor: string, object: string, tables: readonly DraftTable[]): DraftTable {
  const noun = EVENT_NOUNS[verb] ?? verb;
  const name = eventName(noun, [actor, object], tables);
  const names = [...tables.map((table) => table.name), name];
  if (SOCIAL.has(verb) && findEntity(noun) !== undefined && (actor === object || isTarget(noun, object)))
    return { name, columns: libraryColumns(name, makeDirectory(names), 'full'), uniques: [], confidence: 0.75 };
  const extra = findEntity(noun) === undefined ? [] : libraryColumns(name, directoryOf(names), 'full');
  const ends = [foreignKeyTo(actor), foreignKeyTo(object)];
  const rest = extra.filter((column) => column.references === undefined);
  return {
    name,
    columns: [...ends, ...rest],
    uniques: ['like', 'follow', 'vote'].includes(verb) ? [ends.map((column) => column.name)] : [],
    confidence: 0.75,
  };
}

/** The library's event points at such a thing. */
function isTarget(noun: string, object: string): boolean {
  return findEntity(noun)?.columns.some(({ references }) => references === libraryName(object)) ?? false;
}

function directoryOf(names: readonly string[]): Directory {
  return { tables: names, actor: () => undefined, find: () => undefined, resolve: (target) => target };
}

function eventName(noun: string, ends: readonly string[], tables: readonly DraftTable[]): string {
  const simple = tableName(noun) ?? 'events';
  if (!tables.some((table) => table.name === simple)) return simple;
  return tableName([...ends.map((end) => singularName(end)).slice(-1), noun].join('_')) ?? simple;
}

function junctionName(left: string, right: string): string {
  return `${singularName(left)}_${right}`;
}
