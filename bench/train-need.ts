// Trains the weights of the built-in planner's need classifier and prints how it does on rows it has not seen:
// `node bench/train-need.ts out.ts needs.jsonl …`, rows as {prompt, gold, dataset}.
import { readFileSync, writeFileSync } from 'node:fs';
import { needFeatures } from '../src/planner/builtin/need-features.ts';
import { scoreNeed } from '../src/planner/builtin/need-model.ts';
import { balancedAccuracy } from './need-metric.ts';

interface Row {
  readonly features: readonly string[];
  readonly gold: boolean;
  readonly group: string;
}

type Weights = Map<string, number>;

const ROUNDS = 300;
const RATE = 0.5;
const DECAY = { signal: 0.01, word: 0.03 };
const MIN_ROWS = 3;

const [out = '', ...files] = process.argv.slice(2);
const rows = files.flatMap(readRows);
console.log(`${rows.length} rows, ${rows.filter((row) => row.gold).length} need a database`);
console.log('ten folds       ', crossValidate(rows, (_, index) => String(index % 10)).toFixed(3));
console.log('source left out ', crossValidate(rows, (row) => row.group).toFixed(3));
const weights = train(rows);
writeFileSync(out, render(weights));
console.log(`${weights.size} weights → ${out}`);

function readRows(file: string): Row[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as { prompt: string; gold: boolean; dataset?: string })
    .map(({ prompt, gold, dataset }) => ({ features: needFeatures(prompt), gold, group: dataset ?? file }));
}

/** Balanced accuracy over all rows, each judged by weights that were trained without its fold. */
function crossValidate(all: readonly Row[], foldOf: (row: Row, index: number) => string): number {
  const folds = all.map(foldOf);
  const answers = [...new Set(folds)].flatMap((fold) => {
    const weightsOfOthers = train(all.filter((_, index) => folds[index] !== fold));
    return all
      .filter((_, index) => folds[index] === fold)
      .map((row) => ({ gold: row.gold, answer: scoreNeed(row.features, weightsOfOthers) > 0 }));
  });
  return balancedAccuracy(answers);
}

/** Logistic regression by batch gradient descent; both classes weigh the same. */
function train(some: readonly Row[]): Weights {
  const counts = new Map<string, number>();
  for (const row of some) for (const feature of row.features) counts.set(feature, (counts.get(feature) ?? 0) + 1);
  const kept = [...counts].filter(([, count]) => count >= MIN_ROWS).map(([feature]) => feature);
  const learned: Weights = new Map([['bias', 0], ...kept.map((feature) => [feature, 0] as const)]);
  const share = some.filter((row) => row.gold).length / some.length;
  for (let round = 0; round < ROUNDS; round++) step(some, learned, share);
  return learned;
}

function step(some: readonly Row[], learned: Weights, share: number): void {
  const slopes = new Map<string, number>();
  for (const row of some) {
    const error = (row.gold ? 1 : 0) - 1 / (1 + Math.exp(-score(row, learned)));
    const scaled = error / (2 * (row.gold ? share : 1 - share)) / some.length;
    for (const feature of ['bias', ...row.features])
      if (learned.has(feature)) slopes.set(feature, (slopes.get(feature) ?? 0) + scaled);
  }
  for (const [feature, weight] of learned) {
    const decay = /^[+#-]|^bias$/.test(feature) ? DECAY.signal : DECAY.word;
    learned.set(feature, bounded(feature, weight + RATE * ((slopes.get(feature) ?? 0) * 4 - decay * weight)));
  }
}

/** A signal may turn out weak, but never to mean its opposite. */
function bounded(feature: string, weight: number): number {
  if (feature.startsWith('+')) return Math.max(0, weight);
  return feature.startsWith('-') ? Math.min(0, weight) : weight;
}

function score(row: Row, learned: Weights): number {
  return row.features.reduce((sum, feature) => sum + (learned.get(feature) ?? 0), learned.get('bias') ?? 0);
}

function render(learned: Weights): string {
  const entries = [...learned]
    .filter(([, weight]) => Math.abs(weight) >= 0.02)
    .toSorted(([a], [b]) => (a < b ? -1 : 1));
  const body = entries.map(([feature, weight]) => `${feature}:${Math.round(weight * 100)}`).join('|');
  const lines = body.match(/.{1,110}(?:\||$)/g) ?? [];
  return [
    '/** Made by bench/train-need.ts. `feature:weight` in hundredths, parted by `|`; above 0 speaks for a database. */',
    'export const NEED_WEIGHTS =',
    `${lines.map((line) => `  '${line}'`).join(' +\n')};`,
    '',
  ].join('\n');
}
