import type { DraftColumn, DraftTable } from '../draft.ts';
import type { Entity } from './entities.ts';
import type { Directory } from './directory.ts';
import { readFacts } from '../grammar/read-facts.ts';
import { readSentences } from '../grammar/sentences.ts';
import { inferColumn } from '../infer-column.ts';
import { uniqueColumns } from '../notation.ts';
import { attributeColumn } from './attribute-columns.ts';
import { openCompounds } from './compounds.ts';
import { completeEntities } from './complete-entities.ts';
import { isPerson, makeDirectory, plural } from './directory.ts';
import { gatherEntities } from './entities.ts';
import { libraryColumns } from './library-columns.ts';
import { linkTables } from './links.ts';
import { eventTables, tieTables } from './relations.ts';
import { tieStrays } from './strays.ts';
import { translate } from '../translate.ts';

/** Below it, a prompt has no room for words that are not about its data. */
const SHORT_CHARS = 400;

/** Tables for a prompt in prose: what its clauses say, completed from the library. */
export function designProse(original: string): DraftTable[] {
  const prompt = translate(original);
  const isShort = prompt.length < SHORT_CHARS;
  const read = readFacts(readSentences(prompt));
  const facts = isShort ? openCompounds(read) : read;
  const entities = completeEntities(prompt, gatherEntities(facts, isShort), isShort);
  const names = [...new Set(entities.map((entity) => plural(entity.key)).filter((name) => name !== undefined))];
  const directory = makeDirectory(names);
  const isPrecise = entities.filter((entity) => entity.attributes.length > 1).length * 2 > entities.length;
  const tables = names.map((name) => draftTable(name, entities, directory, isPrecise));
  const linked = linkTables(tieTables(eventTables(tables, facts, directory, isPrecise), facts, directory), isPrecise);
  const tied = isShort ? tieStrays(linked) : linked;
  return tied.map((table) => ({ ...table, columns: uniqueColumns(table.columns) }));
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
    columns: columns.length > 0 ? columns : defaultColumns(name, isPrecise),
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

function defaultColumns(table: string, isPrecise: boolean): DraftColumn[] {
  const name = { ...inferColumn('name'), nullable: false };
  if (isPrecise) return [name];
  return [name, isPerson(table) ? { ...inferColumn('email'), nullable: true } : inferColumn('description')];
}
