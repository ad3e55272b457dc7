import type { DraftTable } from '../draft.ts';
import type { Fact } from '../grammar/facts.ts';
import type { Candidate, Mention } from './candidates.ts';
import type { Directory } from './directory.ts';
import { EVENT_NOUNS } from '../grammar/lexicon.ts';
import { findEntity, libraryName } from '../library/entity-library.ts';
import { nounRole } from '../library/noun-roles.ts';
import { entityBeside } from '../library/variants.ts';
import { singularName } from '../names.ts';
import { isBridged, pointsAt } from './bridges.ts';
import { isPerson } from './directory.ts';
import { MAKING } from './events.ts';

/** What is known when ties are judged: the tables so far, and what the prompt says of them. */
export interface TieView {
  readonly tables: readonly DraftTable[];
  readonly facts: readonly Fact[];
  /** Where the prompt speaks of each table. */
  readonly mentions: ReadonlyMap<string, readonly Mention[]>;
  readonly directory: Directory;
  readonly isShort: boolean;
}

/** Where the prompt speaks of each table of a directory. */
export function mentionsOf(
  candidates: readonly Candidate[],
  directory: Directory,
): ReadonlyMap<string, readonly Mention[]> {
  const named = candidates.map(({ key, mentions }) => ({ table: directory.find(key.split('_')) ?? '', mentions }));
  const byTable = Map.groupBy(named, ({ table }) => table);
  return new Map([...byTable].map(([table, own]) => [table, own.flatMap(({ mentions }) => mentions)]));
}

/** Something points from one table to the other already. */
export const TIED = 'tied';

/** A third table points at both. */
export const BRIDGED = 'a table between them';

/** What speaks for or against a key in `from` that points at `to`. */
export function tieFeatures(from: DraftTable, to: DraftTable, view: TieView): string[] {
  const own = [
    ...drafted(from, to, view.tables),
    ...known(from.name, to.name, view.tables),
    ...told(from.name, to.name, view),
    ...kinds(from, to),
    ...placed(from.name, to.name, view),
  ];
  const state = own.includes(TIED) ? TIED : 'open';
  const length = view.isShort ? 'short' : 'long';
  return [...new Set([...own, length, ...own.flatMap((feature) => [`${state}: ${feature}`, `${length}: ${feature}`])])];
}

/** What the draft holds already. */
function drafted(from: DraftTable, to: DraftTable, tables: readonly DraftTable[]): string[] {
  const key = from.columns.find(({ references }) => references === to.name);
  const ties = from.columns.filter(({ references }) => references !== undefined).length;
  const isAlone = !tables.some(
    (table) => table !== from && table.columns.some(({ references }) => references === from.name),
  );
  return [
    ...(key ? [TIED, key.nullable ? 'by an optional key' : 'by a needed key'] : []),
    ...(key && key.name !== `${singularName(to.name)}_id` ? ['in a role'] : []),
    ...(pointsAt(tables, to.name, from.name) ? ['tied the other way'] : []),
    ...(isBridged(tables, from.name, to.name) ? [BRIDGED] : []),
    ties === 0 ? 'no tie yet' : ties === 1 ? 'one tie' : 'several ties',
    ...(ties === 0 && isAlone ? ['tied to nothing'] : []),
    ...(from.columns.every(({ references }) => references !== undefined) && ties > 1 ? ['only ties'] : []),
  ];
}

/** What the library knows of the two. */
function known(from: string, to: string, tables: readonly DraftTable[]): string[] {
  const names = tables.map(({ name }) => name);
  const tie = (left: string, right: string) =>
    entityBeside(left, names)?.columns.find(
      ({ references }) => references !== undefined && libraryName(references) === libraryName(right),
    );
  const [forth, back] = [tie(from, to), tie(to, from)];
  const isStrange = findEntity(from) === undefined || findEntity(to) === undefined;
  return [
    ...(forth ? [forth.nullable ? 'the library may tie them' : 'the library ties them'] : []),
    ...(back ? ['the library ties them the other way'] : []),
    ...(!forth && !back ? [isStrange ? 'one is strange to the library' : 'the library knows both and no tie'] : []),
    ...(entityBeside(from, names)?.links.includes(libraryName(to)) ? ['the library has many of both'] : []),
  ];
}

/** What the clauses say of the two. */
function told(from: string, to: string, { facts, directory }: TieView): string[] {
  return facts.flatMap((fact) => {
    if (fact.kind === 'attributes') {
      const isColumn =
        directory.find(fact.of) === from && fact.items.some(({ lemmas }) => directory.find(lemmas) === to);
      return isColumn ? ['told as a column'] : [];
    }
    if (fact.kind === 'entity') return [];
    const [one, other] =
      fact.kind === 'has-many'
        ? [directory.find(fact.owner), directory.find(fact.part)]
        : [directory.find(fact.actor), directory.find(fact.object)];
    const verb =
      fact.kind === 'has-many'
        ? 'has many'
        : MAKING.has(fact.verb)
          ? 'makes'
          : fact.verb in EVENT_NOUNS
            ? 'does'
            : 'acts on';
    if (one === to && other === from) return [`told: ${verb}`];
    return one === from && other === to ? [`told the other way: ${verb}`] : [];
  });
}

/** What kind of thing each is. */
function kinds(from: DraftTable, to: DraftTable): string[] {
  const [left, right] = [kindOf(from.name), kindOf(to.name)];
  return [
    `from ${left}`,
    `to ${right}`,
    `${left} to ${right}`,
    ...(from.name.startsWith(`${singularName(to.name)}_`) ? ['begins with its name'] : []),
    ...(HANGING.test(from.name) ? ['hangs on something', `hangs on ${right}`] : []),
  ];
}

/** What is nothing without a thing that it is of. */
const HANGING =
  /(^|_)(photos|images|pictures|comments|notes|reviews|ratings|likes|favorites|votes|attachments|files|documents|items|steps|ingredients|readings|measurements|logs|records|messages|payments|invoices|reports|results|scores)$/;

function kindOf(table: string): string {
  if (isPerson(table)) return 'a person';
  const head = singularName(table).split('_').at(-1) ?? '';
  return EVENTS.has(head) ? 'an event' : (nounRole(table) ?? 'a thing');
}

const EVENTS = new Set(Object.values(EVENT_NOUNS));

/** Where the prompt speaks of them. */
function placed(from: string, to: string, { mentions, tables }: TieView): string[] {
  const order = tables.filter(({ name }) => !isPerson(name)).map(({ name }) => name);
  const [left, right] = [mentions.get(from) ?? [], mentions.get(to) ?? []];
  return [
    ...(order[0] === to ? ['to the first thing'] : []),
    ...(order.at(-1) === from ? ['from the last thing'] : []),
    placeOf(left) > placeOf(right) ? 'told behind it' : 'told before it',
    ...together(left, right),
  ];
}

function placeOf(mentions: readonly Mention[]): number {
  return Math.min(...mentions.map(({ sentence, phrase }) => sentence * 1000 + phrase.start));
}

/** How far words of one sentence may be apart to have to do with each other. */
const FAR = [3, 6, 12];

/** What stands between the two where they are nearest in one sentence. */
function together(left: readonly Mention[], right: readonly Mention[]): string[] {
  const pairs = left.flatMap((one) =>
    right.filter(({ sentence }) => sentence === one.sentence).map((other) => ({ one, other, gap: gapOf(one, other) })),
  );
  const [nearest] = pairs.toSorted((a, b) => a.gap - b.gap);
  if (nearest === undefined) return ['never in one sentence'];
  const { one, other, gap } = nearest;
  const isForth = one.phrase.start < other.phrase.start;
  const order = isForth ? 'before' : 'behind';
  const [first, second] = isForth ? [one, other] : [other, one];
  const isSame = one.tokens === other.tokens;
  const between = isSame ? first.tokens.slice(first.phrase.end, second.phrase.start) : [];
  const words = [
    ...(between.some(({ tag }) => tag === 'verb') ? ['a verb'] : []),
    ...(between.some(({ lemma }) => lemma === 'have') ? ['have'] : []),
    ...(between.some(({ tag }) => tag === 'stop') ? ['a stop'] : []),
    ...(between.some(({ tag }) => tag === 'comma') ? ['a comma'] : []),
    ...(between.some(({ tag }) => tag === 'colon' || tag === 'open') ? ['a colon'] : []),
  ].map((word) => `${word} between, ${order}`);
  const linking = between.findLast(({ tag }) => tag === 'preposition' || tag === 'verb' || tag === 'conjunction');
  return [
    isSame ? `${order}, within ${FAR.find((limit) => gap <= limit) ?? 'many'} words` : `${order}, under its heading`,
    ...words,
    ...(linking?.tag === 'preposition'
      ? [`${order}, «${linking.word}»`]
      : linking
        ? [`${order}, a ${linking.tag} last`]
        : []),
    `${order}: ${numberOf(one)} ${numberOf(other)}`,
    ...(pairs.length > 1 ? ['together again'] : []),
  ];
}

function gapOf(one: Mention, other: Mention): number {
  if (one.tokens !== other.tokens) return 100;
  const [first, second] = one.phrase.start < other.phrase.start ? [one, other] : [other, one];
  return Math.max(0, second.phrase.start - first.phrase.end);
}

/** «each sample», «several tests», «a clinic», «technicians». */
function numberOf({ phrase, tokens }: Mention): string {
  const before = tokens[phrase.start - 1];
  if (phrase.many) return 'many';
  if (/^(?:each|every)$/.test(before?.word ?? '')) return 'each';
  if (phrase.plural) return 'plural';
  return /^(?:one|a|an)$/.test(before?.word ?? '') ? 'one' : 'the one';
}
