import type { DraftColumn, DraftTable } from '../draft.ts';
import type { Entity } from './entities.ts';
import type { Directory } from './directory.ts';
import { readFacts } from '../grammar/read-facts.ts';
import { readSentences } from '../grammar/sentences.ts';
import { readTokens } from '../grammar/tokens.ts';
import { findBundle, findEntity, libraryName } from '../library/entity-library.ts';
import { inferColumn } from '../infer-column.ts';
import { singularName } from '../names.ts';
import { entityBeside } from '../library/variants.ts';
import { uniqueColumns } from '../notation.ts';
import { attributeColumn } from './attribute-columns.ts';
import { makeDirectory, plural } from './directory.ts';
import { gatherEntities } from './entities.ts';
import { libraryColumns } from './library-columns.ts';
import { linkTables } from './links.ts';
import { productEntity } from './product-nouns.ts';
import { eventTables, tieTables } from './relations.ts';
import { translate } from '../translate.ts';

/** Below it, a prompt has no room for words that are not about its data. */
const SHORT_CHARS = 400;

/** Tables for a prompt in prose: what its clauses say, completed from the library. */
export function designProse(original: string): DraftTable[] {
  const prompt = translate(original);
  const facts = readFacts(readSentences(prompt));
  const entities = completeEntities(prompt, gatherEntities(facts, prompt.length < SHORT_CHARS));
  const names = [...new Set(entities.map((entity) => plural(entity.key)).filter((name) => name !== undefined))];
  const directory = makeDirectory(names);
  const isPrecise = entities.filter((entity) => entity.attributes.length > 1).length * 2 > entities.length;
  const tables = names.map((name) => draftTable(name, entities, directory, isPrecise));
  const tied = linkTables(tieTables(eventTables(tables, facts, directory), facts, directory), isPrecise);
  return tied.map((table) => ({ ...table, columns: uniqueColumns(table.columns) }));
}

/** A prompt that names a kind of product and little else gets that product's tables. */
function completeEntities(prompt: string, entities: readonly Entity[]): Entity[] {
  const tokens = readTokens(prompt.slice(0, 600));
  const product = prompt.length < SHORT_CHARS ? productEntity(tokens) : undefined;
  const named =
    product === undefined ||
    isAmong(
      product,
      entities.map(({ key }) => key),
    )
      ? [...entities]
      : [{ key: product, attributes: [], weight: 0.8 }, ...entities];
  const isTold =
    entities.some((entity) => entity.attributes.length > 1) ||
    entities.filter((entity) => entity.weight >= 0.8).length > 1;
  if (isTold || entities.length > 2) return named;
  const bundle =
    prompt.length > SHORT_CHARS
      ? undefined
      : findBundle(tokens.filter((token) => token.tag !== 'verb').map((token) => token.lemma));
  const isForeign = (key: string) => findEntity(key) !== undefined && !isAmong(key, bundle ?? []);
  if (bundle === undefined || entities.some(({ key }) => isForeign(key)))
    return named.length > 0 ? named : guessEntities(prompt);
  return bundle.map((table) => ({ key: singularName(table), attributes: [], weight: 0.75 }));
}

/** Under this name, a longer one (`gym_classes` for classes) or another name of the same library entity. */
function isAmong(key: string, names: readonly string[]): boolean {
  const table = plural(key) ?? key;
  const all = names.map((name) => plural(name) ?? name);
  return all.some(
    (name) =>
      entityBeside(name, all)?.name === libraryName(table) ||
      libraryName(name) === libraryName(table) ||
      `_${name}`.endsWith(`_${table}`),
  );
}

/** Nouns that the library knows, else the first noun that can name a table. */
function guessEntities(prompt: string): Entity[] {
  const tokens = readTokens(prompt.slice(0, 2000)).filter((token) => token.tag === 'noun');
  const known = tokens.filter((token) => findEntity(token.lemma) !== undefined);
  const chosen = known.length > 0 ? known.slice(0, 4) : tokens.slice(0, 1);
  const keys = [...new Set(chosen.map((token) => token.lemma))];
  return (keys.length > 0 ? keys : ['item']).map((key) => ({ key, attributes: [], weight: 0.3 }));
}

function draftTable(name: string, entities: readonly Entity[], directory: Directory, isPrecise: boolean): DraftTable {
  const same = entities.filter((entity) => plural(entity.key) === name);
  const said = same
    .flatMap((entity) => entity.attributes.map((item) => attributeColumn(name, item, directory)))
    .filter((column) => column !== undefined);
  const measure = said.length > 0 ? 'ties' : isPrecise ? 'lean' : 'full';
  const known = libraryColumns(name, directory, measure).filter((column) => !isCovered(column, said));
  const columns = [...said, ...known];
  const weight = Math.max(...same.map((entity) => entity.weight));
  return {
    name,
    columns: columns.length > 0 ? columns : defaultColumns(isPrecise),
    uniques: [],
    confidence: Math.min(1, weight),
  };
}

function isCovered(column: DraftColumn, said: readonly DraftColumn[]): boolean {
  return said.some(
    (other) =>
      other.name === column.name || (column.references !== undefined && other.references === column.references),
  );
}

function defaultColumns(isPrecise: boolean): DraftColumn[] {
  const name = { ...inferColumn('name'), nullable: false };
  return isPrecise ? [name] : [name, inferColumn('description')];
}
