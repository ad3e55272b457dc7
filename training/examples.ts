import { likeness, matchOneToOne, tableWords } from '../bench/schema-metric.ts';
import { tableCandidates, viewTies } from '../src/planner/builtin/assembly/design-prose.ts';
import { scoreTies } from '../src/planner/builtin/assembly/judge-ties.ts';
import { readPrompt } from '../src/planner/builtin/read-prompt.ts';
import type { TableNotation } from '../src/planner/builtin/notation.ts';
import type { LabelledPrompt } from './labelled-prompts.ts';
import type { Example } from './logistic.ts';

/** For each thing that a prompt speaks of: whether its author made a table of it. */
export function tableExamples({ prompt, tables }: LabelledPrompt): Example[] {
  if (tables === undefined) return [];
  const wanted = tables.map(({ name }) => tableWords(name));
  const candidates = tableCandidates(readPrompt(prompt).text);
  const exact = (words: readonly string[]) => wanted.find((name) => name.join(' ') === words.join(' '));
  const taken = new Set(candidates.map(({ key }) => exact(tableWords(key))));
  return candidates.map(({ key, features }) => {
    const words = tableWords(key);
    const isMeant = exact(words) ?? wanted.find((name) => !taken.has(name) && likeness(name, words) >= 0.5);
    return { features, answer: isMeant !== undefined };
  });
}

/** For each pair of drafted tables that are both wanted: whether their author has the one point at the other. */
export function tieExamples(labelled: LabelledPrompt): Example[] {
  const drafted = draftBeside(labelled);
  return drafted === undefined
    ? []
    : scoreTies(drafted.view).flatMap(({ from, to, features }) => {
        const [left, right] = [drafted.meant.get(from), drafted.meant.get(to)];
        return left && right ? [{ features, answer: pointsAt(left, right) }] : [];
      });
}

/** The draft for a prompt, and which of its tables is which of those that are wanted. */
function draftBeside({ prompt, tables }: LabelledPrompt) {
  if (tables === undefined) return undefined;
  const view = viewTies(readPrompt(prompt).text);
  const pairs = matchOneToOne(
    tables.map(({ name }) => tableWords(name)),
    view.tables.map(({ name }) => tableWords(name)),
    0.5,
  );
  return { view, meant: new Map([...pairs].map(([wanted, own]) => [view.tables[own]?.name, tables[wanted]])) };
}

function pointsAt(from: TableNotation, to: TableNotation): boolean {
  return from.columns.some(({ references }) => references === to.name);
}
