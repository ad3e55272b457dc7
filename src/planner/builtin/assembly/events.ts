import type { DraftTable } from '../draft.ts';
import type { Fact } from '../grammar/facts.ts';
import type { Directory } from './directory.ts';
import { foreignKeyTo } from '../draft.ts';
import { AMBIGUOUS, EVENT_NOUNS, VERBS } from '../grammar/lexicon.ts';
import { findEntity, libraryName } from '../library/entity-library.ts';
import { singularName, tableName } from '../names.ts';
import { deedNoun } from '../grammar/verb-forms.ts';
import { inferColumn } from '../infer-column.ts';
import { attributeColumn } from './attribute-columns.ts';
import { isPerson, makeDirectory } from './directory.ts';
import { libraryColumns } from './library-columns.ts';
import { isExpectedBetween } from './between.ts';
import { isBridged, isTied } from './bridges.ts';

/** How a prompt tells its data: with its columns, in few words. */
export interface Style {
  readonly isPrecise: boolean;
  readonly isShort: boolean;
}

/** Verbs by which somebody makes the thing: it is theirs. */
export const MAKING = new Set(
  'place create write make submit post publish upload add leave own host send have contain include offer list open start record register log keep hold raise issue manage teach receive get consist comprise supervise lead provide sell cover employ run operate organize plan share generate use undertake involve produce maintain'.split(
    ' ',
  ),
);

/** Tables for what people do to things: «members borrow books» keeps loans. */
export function eventTables(
  tables: readonly DraftTable[],
  facts: readonly Fact[],
  directory: Directory,
  { isPrecise, isShort }: Style,
): DraftTable[] {
  let result = [...tables];
  for (const fact of facts) {
    if (fact.kind !== 'action') continue;
    const actor = directory.find(fact.actor);
    const object = directory.find(fact.object);
    if (isShort && actor && object && JOINING.has(fact.verb)) result = withoutKey(result, object, actor);
    if (fact.actor.length === 0) result = object === undefined ? result : addOwnEvent(result, fact.verb, object);
    else if (fact.items.length > 0) result = recordEvent(result, fact, directory);
    else if (
      actor &&
      object &&
      isPerson(actor) &&
      ((SOCIAL.has(fact.verb) && !isPrecise) ||
        ((isEventVerb(fact.verb) || (isShort && (fact.isAsked || JOINING.has(fact.verb)))) &&
          actor !== object &&
          !isTied(result, actor, object))) &&
      !isRecorded(result, fact.verb, actor, object)
    ) {
      result = addEvent(result, fact.verb, actor, object);
    }
  }
  return result;
}

/** «when I watered them»: each time is a row, with the moment of it. */
function addOwnEvent(tables: readonly DraftTable[], verb: string, object: string): DraftTable[] {
  const name = tableName(EVENT_NOUNS[verb] ?? deedNoun(verb)) ?? 'events';
  if (tables.some((table) => table.name === name)) return [...tables];
  const known = libraryColumns(name, makeDirectory([object, name]), 'full').filter(
    ({ references }) => references !== object,
  );
  const columns = known.length > 0 ? known : [{ ...inferColumn('done_at'), nullable: false }, inferColumn('notes')];
  return [...tables, { name, columns: [foreignKeyTo(object), ...columns], uniques: [], confidence: 0.75 }];
}

/** «customers buy products; each purchase has a date»: the event that has a table already only gets its keys. */
function addEvent(tables: readonly DraftTable[], verb: string, actor: string, object: string): DraftTable[] {
  const name = tableName(eventNoun(verb, object));
  const told = SOCIAL.has(verb) ? undefined : tables.find((table) => table.name === name);
  if (told === undefined) return [...tables, newEvent(verb, actor, object, tables)];
  const missing = [actor, object].filter(
    (end) => !told.columns.some(({ references }) => references === end) && !isExpectedBetween(told.name, end),
  );
  const keys = missing.map((end) => foreignKeyTo(end));
  return tables.map((table) => (table === told ? { ...table, columns: [...table.columns, ...keys] } : table));
}

/** Courses are taken by enrolling, exams and quizzes by an attempt. */
function eventNoun(verb: string, object: string): string {
  const isTested = verb === 'take' && ['quizzes', 'exams'].includes(libraryName(object));
  if (isTested) return `${singularName(object)}_attempt`;
  return EVENT_NOUNS[verb] ?? (isNoun(verb) ? verb : deedNoun(verb));
}

/** By these, many come to the same thing: «volunteers register for shifts». */
const JOINING = new Set(['register', 'enroll', 'enrol', 'attend', 'participate', 'join', 'apply']);

function withoutKey(tables: readonly DraftTable[], from: string, to: string): DraftTable[] {
  return tables.map((table) =>
    table.name === from && isPerson(to)
      ? { ...table, columns: table.columns.filter(({ name }) => name !== `${singularName(to)}_id`) }
      : table,
  );
}

/** What people do to what others made, too. */
const SOCIAL = new Set(['like', 'follow', 'vote', 'favorite', 'bookmark', 'rate', 'comment', 'retweet', 'repost']);

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
  const noun = eventNoun(verb, object);
  const name = eventName(noun, [actor, object], tables);
  const names = [...tables.map((table) => table.name), name];
  if (SOCIAL.has(verb) && findEntity(noun) !== undefined && (actor === object || isTarget(noun, object)))
    return { name, columns: libraryColumns(name, makeDirectory(names), 'full'), uniques: [], confidence: 0.75 };
  const extra = findEntity(noun) === undefined ? [] : libraryColumns(name, directoryOf(names), 'full');
  const ends = [foreignKeyTo(actor), foreignKeyTo(object)];
  const rest = extra.filter((column) => column.references === undefined);
  const others = libraryColumns(name, makeDirectory(names), 'all ties').filter(
    ({ references = '' }) => !isPerson(references) && ![actor, object].includes(references),
  );
  return {
    name,
    columns: [...ends, ...others, ...rest],
    uniques: ['like', 'follow', 'vote'].includes(verb) ? [ends.map((column) => column.name)] : [],
    confidence: 0.75,
  };
}

/** The library's event points at such a thing. */
export function isTarget(noun: string, object: string): boolean {
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
