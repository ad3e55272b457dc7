import type { DesignReason, ProposedColumn, ProposedTable, SchemaProposal } from '../../domain/schema-design.ts';
import type { ScoredCandidate } from './assembly/entities.ts';
import { tableCandidates, viewTies } from './assembly/design-prose.ts';
import { scoreTies, type ScoredTie } from './assembly/judge-ties.ts';
import { findEntity, libraryName } from './library/entity-library.ts';
import { isHouseColumn } from './notation.ts';
import { singularName, tableName } from './names.ts';
import { readPrompt } from './read-prompt.ts';
import { strongest } from './scoring/score.ts';

/** What was seen of a prompt, for telling why. */
interface Seen {
  readonly candidates: readonly ScoredCandidate[];
  readonly ties: readonly ScoredTie[];
}

const MAX_CHARS = 90;

/** Why each table of a proposal is there, and each column but the house's own. */
export function explainDesign(prompt: string, { tables, given }: SchemaProposal): DesignReason[] {
  if (given !== undefined)
    return tables.map(({ tableName: table }) => ({ table, because: `it was pasted (${given})` }));
  const { text } = readPrompt(prompt);
  const seen = { candidates: tableCandidates(text), ties: scoreTies(viewTies(text)) };
  return tables.flatMap((table) => [
    { table: table.tableName, because: whyTable(table, seen) },
    ...(table.columns ?? [])
      .filter(({ name }) => !isHouseColumn(name))
      .map((column) => ({ table: table.tableName, column: column.name, because: whyColumn(table, column, seen) })),
  ]);
}

function whyTable(table: ProposedTable, { candidates }: Seen): string {
  const named = candidateOf(table.tableName, candidates);
  if (named !== undefined) {
    const signs = strongest('table', named.features);
    const score = `${Math.round(100 * named.weight)} % likely`;
    return `${quote(named)}${signs.length > 0 ? `: ${signs.join(', ')}` : ''} (${score})`;
  }
  const ends = endsOf(table);
  const isBetween =
    ends.length > 1 && (table.columns ?? []).filter(({ name }) => !isHouseColumn(name)).length <= ends.length + 1;
  if (isBetween) return `each of ${ends.join(' and ')} may have to do with several of the other`;
  if (ends.length > 0) return `it keeps what happens to ${ends.join(' and ')}, each time as a row`;
  return 'a backend of this kind usually keeps it; the prompt does not name it';
}

/** «several tests» in its sentence. */
function quote({ mentions: [mention], key }: ScoredCandidate): string {
  if (mention === undefined) return `the clauses speak of ${key.replaceAll('_', ' ')}`;
  const words = mention.tokens.map(({ word }) => word).join(' ');
  const sentence = words.replaceAll(/ (?=[,.:;)!?'])|(?<=\() /g, '');
  return `named in «${sentence.length > MAX_CHARS ? `${sentence.slice(0, MAX_CHARS - 1)}…` : sentence}»`;
}

function whyColumn(table: ProposedTable, column: ProposedColumn, { candidates, ties }: Seen): string {
  const target = referenceOf(column);
  if (target !== undefined) return whyKey(table.tableName, column.name, target, ties);
  const told = candidateOf(table.tableName, candidates)?.attributes.find(({ lemmas }) => isSame(column.name, lemmas));
  if (told !== undefined) return `told: «${told.words.join(' ')}»`;
  const known = entityOf(table.tableName);
  if (known?.columns.some(({ name }) => name === column.name))
    return `${known.name.replaceAll('_', ' ')} usually have it`;
  if (isMentioned(column.name, candidates)) return 'the prompt speaks of it';
  return 'so that people can tell the rows apart';
}

function whyKey(table: string, column: string, target: string, ties: readonly ScoredTie[]): string {
  const tie = ties.find(({ from, to }) => from === table && to === target);
  if (tie === undefined) return `each row belongs to one of ${target}`;
  const signs = strongest('tie', tie.features);
  const role =
    column === `${singularName(target)}_id` ? '' : ` as its ${column.replace(/_id$/, '').replaceAll('_', ' ')}`;
  return `each row points at one of ${target}${role}${signs.length > 0 ? `: ${signs.join(', ')}` : ''}`;
}

function candidateOf(table: string, candidates: readonly ScoredCandidate[]): ScoredCandidate | undefined {
  return (
    candidates.find(({ key }) => tableName(key) === table) ??
    candidates.find(({ key, weight }) => weight > 0.3 && libraryName(tableName(key) ?? key) === libraryName(table))
  );
}

function entityOf(table: string): ReturnType<typeof findEntity> {
  return findEntity(table) ?? findEntity(singularName(table).split('_').at(-1) ?? '');
}

function endsOf({ columns = [] }: ProposedTable): string[] {
  return columns.flatMap((column) => referenceOf(column) ?? []);
}

function referenceOf({ constraints }: ProposedColumn): string | undefined {
  return /REFERENCES "?(\w+)/.exec(constraints)?.[1];
}

function isSame(column: string, lemmas: readonly string[]): boolean {
  const words = new Set(lemmas.flatMap((lemma) => lemma.split('-')));
  return column.split('_').some((word) => words.has(word) || words.has(singularName(word)));
}

function isMentioned(column: string, candidates: readonly ScoredCandidate[]): boolean {
  return candidates.some(({ key }) => column.includes(key) || key.endsWith(`_${column}`));
}
