import type { ProposedTable, SchemaProposal } from '../../../domain/schema-design.ts';
import type { DraftTable } from '../draft.ts';
import { designProse } from '../assembly/design-prose.ts';
import { libraryName } from '../library/entity-library.ts';
import { singularName, snakeCase, tableName as pluralName } from '../names.ts';
import { writeTable } from '../write-proposal.ts';
import { readPastedSql, withoutPastedSql } from './pasted-sql.ts';
import { readGiven } from './read-given.ts';

/** The schema that a prompt spells out, as it stands, and the tables that the words beside it ask for; undefined for prose. */
export async function proposeGiven(prompt: string): Promise<SchemaProposal | undefined> {
  const pasted = readPastedSql(prompt);
  const given =
    pasted.length > 0
      ? { notation: 'SQL', tables: pasted, prose: withoutPastedSql(prompt), warnings: [] }
      : await readGiven(prompt);
  if (given === undefined) return undefined;
  const added = addedTables(given.prose, given.tables);
  const told = added.map(
    ({ tableName }) => `Added to what was pasted, as the words beside it ask: table ${tableName}.`,
  );
  return {
    tables: [...given.tables, ...added],
    warnings: [...given.warnings, ...told, ...unreadWishes(given.prose, added)],
    given: given.notation,
  };
}

/** What asks for more than was pasted: «also add a reviews table», «plus tags for posts». */
const ASKS = /\b(?:add|adding|also|plus|additionally|as well|extend|missing|another|besides|on top|too)\b/i;

/** Tables that the prose names beside the pasted ones; what only the library would complete is left out. */
function addedTables(prose: string, given: readonly ProposedTable[]): ProposedTable[] {
  const sentences = prose.split(/(?<=[.!?;])\s+|\n/).filter((sentence) => ASKS.test(sentence));
  if (sentences.length === 0) return [];
  const known = new Map(given.map((table) => [sameName(table.tableName), table.tableName]));
  const things = [...known.keys()].map(inPlural);
  // What is there already is named too, so that the new tables are tied to it.
  const text = [`We store ${things.join(', ')}.`, ...sentences.map(asNeed)].join(' ');
  const words = new Set(
    sentences
      .join(' ')
      .toLowerCase()
      .match(/\p{L}+/gu)
      ?.map((word) => singularName(word)),
  );
  const asked = designProse(text).filter(
    ({ name }) => !known.has(sameName(name)) && words.has(singularName(name).split('_').at(-1) ?? ''),
  );
  return asked.map((table) => writeBeside(pointedAtGiven(table, known, asked), given));
}

/** A table in the house's form whose keys have the types of what they point at. */
function writeBeside(table: DraftTable, given: readonly ProposedTable[]): ProposedTable {
  const { tableName, createQuery } = writeTable(table);
  const typed = createQuery.replaceAll(
    /^(\s*\w+) varchar(.*) REFERENCES (\w+) \(id\)/gm,
    (line, name, rules, target) => {
      const key = keyOf(given.find((other) => other.tableName === target));
      return key === undefined ? line : `${name} ${key.type}${rules} REFERENCES "${target}" ("${key.name}")`;
    },
  );
  return { tableName, createQuery: typed };
}

/** The key of a pasted table: «id bigserial PRIMARY KEY». */
function keyOf(table: ProposedTable | undefined): { name: string; type: string } | undefined {
  const match = /"?(\w+)"?\s+([a-z][\w ]*?(?:\([\d, ]+\))?)\s+(?:[^,()]|\([^)]*\))*?PRIMARY\s+KEY/i.exec(
    table?.createQuery.replace(/^[^(]*\(/, '') ?? '',
  );
  const type = match?.[2]?.replace(/\s+(?:not\s+null|generated.*|default.*|unique).*$/i, '');
  const plain: Readonly<Record<string, string>> = { serial: 'integer', bigserial: 'bigint', smallserial: 'smallint' };
  return match && type ? { name: match[1] ?? 'id', type: plain[type.toLowerCase()] ?? type } : undefined;
}

/** «please also add a reviews table where …» as the clause grammar knows it: «we store reviews. …». */
function asNeed(sentence: string): string {
  return sentence.replace(
    /^.*?\b(?:add|adding|extend(?: it)? with|also(?! add)|plus|additionally)\b\s*(?:(?:a|an|another|the|some|new|need|want)\s+)*((?:[\p{L}-]+\s+){0,2}[\p{L}-]+?)(?:\s+tables?)?(?=\s+(?:with|where|for|that|which|so|in|to|on)\b|[.,;!?(]|\s*$)/iu,
    (_, noun: string) => `We store ${inPlural(noun)}.`,
  );
}

function inPlural(noun: string): string {
  return pluralName(noun)?.replaceAll('_', ' ') ?? noun;
}

function sameName(table: string): string {
  return singularName(snakeCase(table));
}

/** Keys to pasted tables bear their names; a key to a table that is not there is dropped. */
function pointedAtGiven(
  table: DraftTable,
  known: ReadonlyMap<string, string>,
  added: readonly DraftTable[],
): DraftTable {
  const columns = table.columns.flatMap((column) => {
    if (column.references === undefined || added.some(({ name }) => name === column.references)) return [column];
    const target = known.get(sameName(column.references)) ?? alike(column.references, known);
    return target === undefined ? [] : [{ ...column, references: target }];
  });
  return { ...table, columns };
}

/** `customers` may be what the library calls `users`. */
function alike(table: string, known: ReadonlyMap<string, string>): string | undefined {
  return [...known].find(([name]) => libraryName(name) === libraryName(table))?.[1];
}

/** Sentences that ask for more and of which nothing came. */
function unreadWishes(prose: string, added: readonly ProposedTable[]): string[] {
  const words = new Set(added.flatMap(({ tableName }) => singularName(tableName).split('_')));
  return prose
    .split(/(?<=[.!?;])\s+|\n/)
    .filter((sentence) => ASKS.test(sentence))
    .filter(
      (sentence) => !(sentence.toLowerCase().match(/\p{L}+/gu) ?? []).some((word) => words.has(singularName(word))),
    )
    .map((sentence) => `Not used for the schema: «${sentence.trim().slice(0, 140)}»`);
}
