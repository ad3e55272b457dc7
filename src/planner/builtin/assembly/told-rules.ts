import type { DraftColumn, DraftTable } from '../draft.ts';
import { foreignKeyTo } from '../draft.ts';
import { inferColumn } from '../infer-column.ts';
import { singularName, snakeCase } from '../names.ts';
import type { Directory } from './directory.ts';

/** What a prompt says of the rows as a rule: one of them per something, unique fields, rows that are only marked as deleted. */
export function applyToldRules(tables: readonly DraftTable[], prompt: string, directory: Directory): DraftTable[] {
  const unique = tables.map((table) => withUniques(withOwnEnds(table, prompt, directory), prompt, directory));
  return /\bsoft[- ]?delet/i.test(prompt) ? unique.map(withDeletedAt) : unique;
}

/** «no more than one vote per user and request», «one signup per volunteer and shift», «unique per project». */
const PER =
  /\b(?:(?:no more than|at most|only|exactly|just) (?:one|a single)|one|a single|unique|once)\s+((?:[\p{L}-]+\s+){0,3}?)(?:per|for each|for every)\s+([\p{L}-]+(?:\s*(?:,|and|&)\s*(?:per\s+)?[\p{L}-]+)*)/giu;

function withUniques(table: DraftTable, prompt: string, directory: Directory): DraftTable {
  const sets = [...prompt.matchAll(PER)].flatMap(([, what = '', ends = '']) => {
    const isMeant = directory.find(wordsOf(what)) === table.name;
    const columns = wordsOf(ends).flatMap((end) => keyTo(table, end, directory));
    return isMeant && columns.length > 0 && columns.length === wordsOf(ends).length ? [columns] : [];
  });
  const isNew = (set: readonly string[]) => !table.uniques.some((known) => known.join() === set.join());
  return { ...table, uniques: [...table.uniques, ...sets.filter(isNew)] };
}

/** «one treatment per tooth», «one vote per user and request»: what the rows are counted by stands in them. */
function withOwnEnds(table: DraftTable, prompt: string, directory: Directory): DraftTable {
  const ends = [...prompt.matchAll(PER)].flatMap(([, what = '', told = '']) =>
    directory.find(wordsOf(what)) === table.name ? wordsOf(told) : [],
  );
  const missing = ends
    .filter((end) => !PERIODS.test(end) && keyTo(table, end, directory).length === 0)
    .map((end) => endColumn(end, directory));
  return { ...table, columns: [...table.columns, ...missing] };
}

/** «once per day» limits, and names no column. */
const PERIODS = /^(?:day|week|month|year|hour|time|person)$/;

function endColumn(end: string, directory: Directory): DraftColumn {
  const target = directory.find([end]);
  return target === undefined ? { ...inferColumn(end), nullable: false } : foreignKeyTo(target);
}

function wordsOf(text: string): string[] {
  return text
    .toLowerCase()
    .split(/\s*(?:,|\band\b|&)\s*|\s+/)
    .filter((word) => word && word !== 'per')
    .map((word) => singularName(snakeCase(word)));
}

/** The column in which the table keeps what the word means: its key to another table, or a column of that name. */
function keyTo(table: DraftTable, word: string, directory: Directory): string[] {
  const target = directory.find([word]);
  const column = table.columns.find(
    ({ name, references }) => name === word || name === `${word}_id` || (target !== undefined && references === target),
  );
  return column === undefined ? [] : [column.name];
}

function withDeletedAt(table: DraftTable): DraftTable {
  const isLink = table.columns.every(({ references }) => references !== undefined);
  const isThere = table.columns.some(({ name }) => name === 'deleted_at');
  const column: DraftColumn = { ...inferColumn('deleted_at'), nullable: true };
  return isLink || isThere ? table : { ...table, columns: [...table.columns, column] };
}
