import type { DraftColumn, DraftTable } from '../draft.ts';
import type { Entity } from './entities.ts';
import type { Directory } from './directory.ts';
import type { Fact } from '../grammar/facts.ts';
import { readFacts } from '../grammar/read-facts.ts';
import { readSentences } from '../grammar/sentences.ts';
import { libraryName } from '../library/entity-library.ts';
import { roleColumns } from '../library/noun-roles.ts';
import { inferColumn } from '../infer-column.ts';
import { uniqueColumns } from '../notation.ts';
import { attributeColumn } from './attribute-columns.ts';
import { openCompounds } from './compounds.ts';
import { completeEntities, namesItsThings } from './complete-entities.ts';
import { isPerson, makeDirectory, plural } from './directory.ts';
import { readCandidates } from './candidates.ts';
import type { ScoredCandidate } from './entities.ts';
import { gatherEntities } from './entities.ts';
import { SAID, tableFeatures } from './table-features.ts';
import { likelihood } from '../scoring/score.ts';
import type { Measure } from './library-columns.ts';
import { libraryColumns } from './library-columns.ts';
import { linkTables } from './links.ts';
import { modelledAfter } from './modelled-after.ts';
import type { Style } from './events.ts';
import { eventTables } from './events.ts';
import { tieTables } from './relations.ts';
import { judgeTies } from './judge-ties.ts';
import { mentionsOf, type TieView } from './tie-features.ts';
import { tieStrays } from './strays.ts';
import { applyToldRules } from './told-rules.ts';

/** Below it, a prompt has no room for words that are not about its data. */
const SHORT_CHARS = 400;

/** Tables for a prompt in English prose: what its clauses say, completed from the library. */
export function designProse(prompt: string): DraftTable[] {
  const view = viewTies(prompt);
  const tables = judgeTies(view);
  const ruled = applyToldRules(tables, prompt, makeDirectory(tables.map(({ name }) => name)));
  return ruled.map((table) => ({ ...table, columns: uniqueColumns(table.columns) }));
}

/** The tables with the ties that are told or known, for the score to judge. */
export function viewTies(prompt: string): TieView {
  const isShort = prompt.length < SHORT_CHARS;
  const said = factsOf(prompt);
  const candidates = scoredCandidates(prompt, said);
  const told = gatherEntities(candidates, isShort);
  const model = isShort && !namesItsThings(told) ? modelledAfter(prompt) : undefined;
  const facts = [...said, ...(model?.facts ?? [])];
  const entities = model ? withModel(model.entities, told) : completeEntities(prompt, told, isShort);
  const names = [...new Set(entities.map((entity) => plural(entity.key)).filter((name) => name !== undefined))];
  const directory = makeDirectory(names);
  const isPrecise = entities.filter((entity) => entity.attributes.length > 1).length * 2 > entities.length;
  const style = { isPrecise, isShort };
  const tables = names.map((name) => draftTable(name, entities, directory, style));
  const linked = linkTables(tieTables(eventTables(tables, facts, directory, style), facts, directory), isPrecise);
  const tied = isShort ? tieStrays(linked) : linked;
  const known = makeDirectory(tied.map(({ name }) => name));
  return { tables: tied, facts, mentions: mentionsOf(candidates, known), directory: known, isShort };
}

function factsOf(prompt: string): readonly Fact[] {
  const read = readFacts(readSentences(prompt));
  return prompt.length < SHORT_CHARS ? openCompounds(read) : read.filter((fact) => !isOfItself(fact));
}

/** The things of which a prompt speaks, with what speaks for and against a table of each. */
export function tableCandidates(prompt: string): ScoredCandidate[] {
  return scoredCandidates(prompt, factsOf(prompt));
}

/** What the clauses say holds unless the score is surer of the opposite; in few words it takes less. */
const TRUST = { short: 3, long: 9 };

function scoredCandidates(prompt: string, facts: readonly Fact[]): ScoredCandidate[] {
  const all = readCandidates(readSentences(prompt), facts);
  return all.map((candidate) => {
    const features = tableFeatures(candidate, all, prompt.length < SHORT_CHARS);
    const trust = prompt.length < SHORT_CHARS ? TRUST.short : TRUST.long;
    const odds = features.includes(SAID) ? trust : 1 / trust;
    return { ...candidate, features, weight: likelihood('table', features, odds) };
  });
}

/** What the prompt names beside the product that it is modelled after. */
function withModel(base: readonly Entity[], told: readonly Entity[]): Entity[] {
  const names = new Set(base.map(({ key }) => libraryName(plural(key) ?? key)));
  return [...base, ...told.filter(({ key }) => !names.has(libraryName(plural(key) ?? key)))];
}

/** In a long text, a thing that is said to have such things has mostly been taken for another. */
function isOfItself(fact: Fact): boolean {
  return fact.kind === 'has-many' && fact.owner.join(' ') === fact.part.join(' ');
}

function draftTable(name: string, entities: readonly Entity[], directory: Directory, style: Style): DraftTable {
  const same = entities.filter((entity) => plural(entity.key) === name);
  const said = same
    .flatMap((entity) => entity.attributes.map((item) => attributeColumn(name, item, directory)))
    .filter((column) => column !== undefined);
  const isTold = said.some(({ references }) => references === undefined);
  const known = libraryColumns(name, directory, measureOf(style, isTold)).filter((column) => !isCovered(column, said));
  const columns = [...said, ...known];
  const weight = Math.max(...same.map((entity) => entity.weight));
  return {
    name,
    columns: columns.length > 0 ? columns : defaultColumns(name, style.isPrecise && !style.isShort),
    uniques: [],
    confidence: Math.min(1, weight),
  };
}

function measureOf({ isPrecise, isShort }: Style, isTold: boolean): Measure {
  if (isShort) return isTold ? 'all ties' : 'full';
  if (isTold) return 'ties';
  return isPrecise ? 'lean' : 'full';
}

function isCovered(column: DraftColumn, said: readonly DraftColumn[]): boolean {
  if (NAMING.test(column.name) && said.some(({ name }) => NAMES.test(name))) return true;
  return said.some(
    (other) =>
      other.name === column.name || (column.references !== undefined && other.references === column.references),
  );
}

const NAMING = /^(?:name|title|first_name|last_name|subject|label|code|number)$/;

/** By any of these a row is known already. */
const NAMES =
  /(?:^|_)(?:name|title|headline|subject|label|nickname|username|caption|question|text|body|content|number|code|isbn|sku)$/;

function defaultColumns(table: string, isPrecise: boolean): DraftColumn[] {
  const name = { ...inferColumn('name'), nullable: false };
  if (isPrecise) return [name];
  if (isPerson(table)) return [name, { ...inferColumn('email'), nullable: true }, inferColumn('phone')];
  return roleColumns(table) ?? [name, inferColumn('description')];
}
