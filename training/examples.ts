import { tableWords, likeness } from '../bench/schema-metric.ts';
import { tableCandidates } from '../src/planner/builtin/assembly/design-prose.ts';
import { readPrompt } from '../src/planner/builtin/read-prompt.ts';
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
