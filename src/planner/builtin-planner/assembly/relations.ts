import type { DraftTable } from '../draft.ts';
import type { Fact } from '../grammar/facts.ts';
import type { Directory } from './directory.ts';
import { foreignKeyTo, junctionTable } from '../draft.ts';
import { EVENT_NOUNS } from '../grammar/lexicon.ts';
import { findEntity } from '../library/entity-library.ts';
import { singularName, tableName } from '../names.ts';
import { attributeColumn } from './attribute-columns.ts';
import { isPerson } from './directory.ts';
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
export function eventTables(tables: readonly DraftTable[], facts: readonly Fact[], directory: Directory): DraftTable[] {
  let result = [...tables];
  for (const fact of facts) {
    if (fact.kind !== 'action') continue;
    const actor = directory.find(fact.actor);
    const object = directory.find(fact.object);
    if (fact.items.length > 0) result = recordEvent(result, fact, directory);
    else if (
      actor &&
      object &&
      actor !== object &&
      isPerson(actor) &&
      isEventVerb(fact.verb) &&
      !isBridged(result, actor, object) &&
      !isTied(result, actor, object)
    ) {
      result = [...result, newEvent(fact.verb, actor, object, result)];
    }
  }
  return result;
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
    return owner && part && owner !== part ? [[owner, part] as const] : [];
  });
}

function addOwners(table: DraftTable, owners: readonly string[], tables: readonly DraftTable[]): DraftTable {
  const missing = owners.filter(
    (owner) =>
      !table.columns.some((column) => column.references === owner) &&
      !pointsAt(tables, owner, table.name) &&
      !isBridged(tables, owner, table.name),
  );
  return { ...table, columns: [...table.columns, ...missing.map((owner) => foreignKeyTo(owner))] };
}

function pointsAt(tables: readonly DraftTable[], from: string, to: string): boolean {
  return tables.some((table) => table.name === from && table.columns.some((column) => column.references === to));
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
  const name = known ?? eventName(noun, ends, tables);
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

function newEvent(verb: string, actor: string, object: string, tables: readonly DraftTable[]): DraftTable {
  const noun = EVENT_NOUNS[verb] ?? verb;
  const name = eventName(noun, [actor, object], tables);
  const extra =
    findEntity(noun) === undefined
      ? []
      : libraryColumns(name, directoryOf([...tables.map((table) => table.name), name]), 'full');
  const ends = [foreignKeyTo(actor), foreignKeyTo(object)];
  const rest = extra.filter((column) => column.references === undefined);
  return {
    name,
    columns: [...ends, ...rest],
    uniques: ['like', 'follow', 'vote'].includes(verb) ? [ends.map((column) => column.name)] : [],
    confidence: 0.75,
  };
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
