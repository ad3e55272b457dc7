// Learns the built-in planner's weights from the prompts of this folder: `npm run train`. The same prompts always give
// the same weights. Prompts that are held for measuring are left out.
import { writeFileSync } from 'node:fs';
import { tableExamples, tieExamples } from './examples.ts';
import { readLabelledPrompts, type LabelledPrompt } from './labelled-prompts.ts';
import { learn, type Example, type Weights } from './logistic.ts';

const WEIGHTS = new URL('../src/planner/builtin/scoring/weights.json', import.meta.url);

/** What is learned, and the examples that a prompt gives for it. */
const DECISIONS = { table: tableExamples, tie: tieExamples } satisfies Record<
  string,
  (prompt: LabelledPrompt) => Example[]
>;

const prompts = readLabelledPrompts();
const [held, seen] = [prompts.filter(({ isHeld }) => isHeld), prompts.filter(({ isHeld }) => !isHeld)];
console.log(`${prompts.length} prompts, ${held.length} of them held`);
const learned = Object.fromEntries(
  Object.entries(DECISIONS).map(([decision, examplesOf]) => {
    const weights = learn(seen.flatMap(examplesOf));
    console.log(`${decision}: ${describe(held.flatMap(examplesOf), weights)}`);
    return [decision, weights];
  }),
);
writeFileSync(WEIGHTS, `${JSON.stringify(learned, undefined, 2)}\n`);

function describe(examples: readonly Example[], weights: Weights): string {
  const said = examples.map(({ features, answer }) => ({ answer, yes: scoreOf(features, weights) > 0 }));
  const right = said.filter(({ answer, yes }) => answer && yes).length;
  const precision = right / said.filter(({ yes }) => yes).length;
  const recall = right / said.filter(({ answer }) => answer).length;
  const count = Object.keys(weights).length;
  return `${count} weights; of ${examples.length} held examples precision ${precision.toFixed(3)}, recall ${recall.toFixed(3)}`;
}

function scoreOf(features: readonly string[], weights: Weights): number {
  return features.reduce((sum, name) => sum + (weights[name] ?? 0), weights['bias'] ?? 0);
}
