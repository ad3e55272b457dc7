import { isObject } from '../json-schema.ts';
import { nameQuestion, type GoldenAnswer, type GoldenQuestion } from './golden-answers.ts';
import type { MeantDifferences, MeantInRows } from './meant-differences.ts';

/** What the same question is now; undefined where what it asks for is gone, or no answer could be held against it. */
export function questionNow(question: GoldenQuestion, meant: MeantDifferences): GoldenQuestion | undefined {
  const template = meant.paths[question.template] === undefined ? question.template : meant.paths[question.template];
  if (template === null || template === undefined) return undefined;
  const rows = meantIn(question, meant);
  const sort = question.sort && (rows.renamed[question.sort] ?? question.sort);
  if (sort !== undefined && (rows.removed.includes(question.sort ?? '') || rows.revalued.includes(sort)))
    return undefined;
  return { ...question, template, sort };
}

function meantIn({ template }: GoldenQuestion, { rows, elsewhere }: MeantDifferences): MeantInRows {
  return rows[template] ?? elsewhere;
}

export type Comparison = 'same' | 'as-meant' | { readonly difference: string };

/** Holds the answer of now against the one from before. */
export function compareAnswers(before: GoldenAnswer, after: GoldenAnswer, meant: MeantDifferences): Comparison {
  const rows = meantIn(before, meant);
  if (before.status !== after.status) return differ(before, after, `${before.status}, now ${after.status}`);
  if (textOf(plain(before.body)) === textOf(plain(after.body))) return 'same';
  // What is not there is told by the name of its table.
  if (before.status >= 400 && before.template !== after.template) return 'as-meant';
  if (rows.reordered && isList(before.body) && isList(after.body)) return 'as-meant';
  const [expected, found] = [textOf(normal(before.body, rows, 'before')), textOf(normal(after.body, rows, 'after'))];
  return expected === found ? 'as-meant' : differ(before, after, firstDifference(expected, found));
}

function differ(before: GoldenAnswer, after: GoldenAnswer, what: string): Comparison {
  const name = nameQuestion(before);
  const now = nameQuestion(after);
  return { difference: `${name}${now === name ? '' : ` (now ${now})`}: ${what}` };
}

function isList(body: unknown): boolean {
  return isObject(body) && Array.isArray(body['data']);
}

/** Without what is another with every request. */
function plain(body: unknown): unknown {
  return normal(body, { renamed: {}, added: [], removed: [], revalued: [], reordered: false }, 'before');
}

/** With keys in one order, a cursor for whether there is one, and without what the change explains. */
function normal(value: unknown, meant: MeantInRows, side: 'before' | 'after'): unknown {
  if (Array.isArray(value)) return value.map((item) => normal(item, meant, side));
  if (!isObject(value)) return value;
  const entries = Object.entries(value).flatMap(([key, inner]): [string, unknown][] => {
    if (key === 'nextCursor') return [[key, inner !== null]];
    if (key === 'instance' || key === 'requestId') return [];
    if ((side === 'before' ? meant.removed : meant.added).includes(key)) return [];
    const name = side === 'before' ? (meant.renamed[key] ?? key) : key;
    return meant.revalued.includes(name) ? [[name, 'revalued']] : [[name, normal(inner, meant, side)]];
  });
  return Object.fromEntries(entries.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

function textOf(value: unknown): string {
  return JSON.stringify(value, undefined, 1) ?? '';
}

function firstDifference(expected: string, found: string): string {
  const [before, now] = [expected.split('\n'), found.split('\n')];
  const at = before.findIndex((line, index) => line !== now[index]);
  return at === -1 ? `${cut(now[before.length])} is new` : `${cut(before[at])}, now ${cut(now[at])}`;
}

function cut(line = 'nothing'): string {
  return line.trim().slice(0, 120);
}
