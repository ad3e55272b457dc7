import type { DraftColumn, DraftTable } from '../draft.ts';
import type { Fact } from '../grammar/facts.ts';
import type { Directory } from './directory.ts';
import { foreignKeyTo, junctionTable } from '../draft.ts';
import { findEntity, libraryName } from '../library/entity-library.ts';
import { entityBeside } from '../library/variants.ts';
import { isPartOf } from '../library/ties.ts';
import { singularName } from '../names.ts';
import { isPerson } from './directory.ts';
import { isExpectedBetween } from './between.ts';
import { isBridged, pointsAt } from './bridges.ts';
import { isTarget, MAKING } from './events.ts';

/** Gives the parts a key to their owner, and makes a junction where both sides have many of each other. */
export function tieTables(tables: readonly DraftTable[], facts: readonly Fact[], directory: Directory): DraftTable[] {
  const pairs = ownerPairs(facts, directory);
  const mutual = pairs.filter(
    ([owner, part]) =>
      isShared(part) ||
      isLinked(owner, part, tables) ||
      isToOne(owner, part, tables) ||
      (owner < part && pairs.some(([other, piece]) => other === part && piece === owner)),
  );
  const isMutual = (owner: string, part: string) => mutual.some((pair) => pair.includes(owner) && pair.includes(part));
  const tied = tables.map((table) => {
    const owners = pairs
      .filter(([owner, part]) => part === table.name && !isMutual(owner, part))
      .map(([owner]) => owner);
    return addOwners(table, [...new Set(owners)], tables);
  });
  const bridges = new Map(mutual.map(([left, right]) => [[left, right].toSorted().join(' '), [left, right] as const]));
  const junctions = [...bridges.values()]
    .filter(([left, right]) => !isBridged(tied, left, right))
    .map(([left, right]) => junctionBetween(left, right));
  return [...untangle(tied, pairs), ...junctions];
}

/** The library ties them many to many: movies and their actors. */
function isLinked(owner: string, part: string, tables: readonly DraftTable[]): boolean {
  const names = tables.map(({ name }) => name);
  return entityBeside(owner, names)?.links.includes(libraryName(part)) ?? false;
}

/** The library has one where the prompt has several: a book that can have several authors. */
function isToOne(owner: string, part: string, tables: readonly DraftTable[]): boolean {
  const names = tables.map(({ name }) => name);
  const columns = entityBeside(owner, names)?.columns ?? [];
  const back = entityBeside(part, names)?.columns ?? [];
  return keysTo(columns, part) && !keysTo(back, owner);
}

function keysTo(columns: readonly DraftColumn[], table: string): boolean {
  return columns.some(({ references }) => references !== undefined && libraryName(references) === libraryName(table));
}

/** A junction of which the library knows more than its ends keeps that too: the quantity of a recipe's ingredient. */
function junctionBetween(left: string, right: string): DraftTable {
  const orders = [
    [left, right],
    [right, left],
  ] as const;
  const known = orders.find(([from, to]) => findEntity(`${singularName(from)}_${to}`) !== undefined);
  const [from, to] = known ?? orders[0];
  const table = junctionTable(from, to, junctionName(from, to), 0.7);
  const columns = findEntity(table.name)?.columns.filter(({ references }) => references === undefined) ?? [];
  return { ...table, columns: [...table.columns, ...columns] };
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

function ownerPairs(facts: readonly Fact[], directory: Directory): (readonly [string, string])[] {
  return facts.flatMap((fact) => {
    if (fact.kind !== 'has-many' && !(fact.kind === 'action' && MAKING.has(fact.verb))) return [];
    const owner = directory.find(fact.kind === 'has-many' ? fact.owner : fact.actor);
    const part = directory.find(fact.kind === 'has-many' ? fact.part : fact.object);
    const isOther = owner !== part || fact.kind === 'has-many';
    return owner && part && isOther && !isExpectedBetween(owner, part) ? [[owner, part] as const] : [];
  });
}

function addOwners(table: DraftTable, owners: readonly string[], tables: readonly DraftTable[]): DraftTable {
  const missing = owners.filter(
    (owner) =>
      !table.columns.some((column) => column.references === owner) &&
      !isNeededBy(tables, owner, table.name) &&
      !isBridged(tables, owner, table.name),
  );
  const bound = makersFirst(table, missing, tables).map((column) => bindTo(owners, column, table.name));
  const keys = missing.filter((owner) => !bound.some(({ references }) => references === owner));
  return { ...table, columns: [...bound, ...keys.map((owner) => ownerKey(table.name, owner))] };
}

/** What was said to be of its owner is never without. */
function bindTo(owners: readonly string[], column: DraftColumn, table: string): DraftColumn {
  const isTold = column.nullable && owners.some((owner) => column.name === `${singularName(owner)}_id`);
  return isTold && column.references !== table ? { ...column, nullable: false } : column;
}

/** «photographers create galleries»: the library's `owner` of a gallery is the photographer, whoever else might be one. */
function makersFirst(
  table: DraftTable,
  makers: readonly string[],
  tables: readonly DraftTable[],
): readonly DraftColumn[] {
  const maker = makers.find(isPerson);
  const hasUsers = tables.some(({ name }) => name === 'users');
  if (maker === undefined || hasUsers) return table.columns;
  return table.columns.map((column) =>
    OWNING.has(column.name) && isPerson(column.references ?? '') ? { ...column, references: maker } : column,
  );
}

const OWNING = new Set(['owner_id', 'author_id', 'creator_id', 'seller_id', 'uploader_id', 'organizer_id', 'host_id']);

/** A review goes with its book, as the library knows; of what it does not know, the names have to tell. */
function ownerKey(part: string, owner: string): DraftColumn {
  const isKnownPart = isTarget(part, owner) && isPartOf(libraryName(part), libraryName(owner)) && !isPerson(owner);
  return { ...foreignKeyTo(owner), isPart: isKnownPart || undefined };
}

/** The owner points at the part as such (not in a role, as at a department's manager), or cannot be without it. */
function isNeededBy(tables: readonly DraftTable[], owner: string, part: string): boolean {
  const columns = tables.find(({ name }) => name === owner)?.columns ?? [];
  return columns.some(
    (column) => column.references === part && (!column.nullable || column.name === `${singularName(part)}_id`),
  );
}

function junctionName(left: string, right: string): string {
  return `${singularName(left)}_${right}`;
}
