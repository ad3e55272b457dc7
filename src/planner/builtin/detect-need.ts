import type { DatabaseNeed } from '../../domain/schema-design.ts';
import { AGAINST, FOR, type NeedSignal } from './need-signals.ts';
import { needFeatures } from './need-features.ts';
import { scoreNeed } from './need-model.ts';
import { NEED_WEIGHTS } from './need-weights.ts';
import { readShorthands } from './given/read-shorthands.ts';
import { translate } from './translate.ts';

/** What a prompt is about is said early on. */
const MAX_CHARS = 6000;

/** So many signs outweigh a denial. */
const DISPUTED_FROM = 4;

const weights = new Map(NEED_WEIGHTS.split('|').map(readWeight));

/** Judges by rules and a small linear model whether the software of a prompt keeps data. */
export function detectNeed(original: string): DatabaseNeed {
  const prompt = translate(original.slice(0, MAX_CHARS));
  if (readShorthands(original) !== undefined) return certain(true, 'The prompt describes its tables.');
  const denial = AGAINST.find(
    (signal) => signal.decides && (signal.pattern.test(prompt) || signal.pattern.test(original)),
  );
  if (denial && !isDisputed(prompt)) return certain(false, `The prompt ${denial.says}.`);
  const naming = FOR.find((signal) => signal.decides && signal.pattern.test(prompt));
  if (naming)
    return { ...weigh(prompt), needsDatabase: true, reasoning: `The prompt ${naming.says}.`, confidence: 0.95 };
  return weigh(prompt);
}

/** «stateless» may be said of one part of a backend that is full of records. */
function isDisputed(prompt: string): boolean {
  return FOR.filter(({ pattern }) => pattern.test(prompt)).length >= DISPUTED_FROM;
}

function certain(needsDatabase: boolean, reasoning: string): DatabaseNeed {
  return { needsDatabase, reasoning, confidence: 1 };
}

function weigh(prompt: string): DatabaseNeed {
  const sum = scoreNeed(needFeatures(prompt), weights);
  const needsDatabase = sum > 0;
  const confidence = Math.round(100 / (1 + Math.exp(-Math.abs(sum)))) / 100;
  return { needsDatabase, reasoning: explain(prompt, needsDatabase, confidence), confidence };
}

function explain(prompt: string, needsDatabase: boolean, confidence: number): string {
  const [spoke, against] = [FOR, AGAINST].map((signals) => signals.filter(({ pattern }) => pattern.test(prompt)));
  const reasons = (needsDatabase ? spoke : against) ?? [];
  const doubts = (needsDatabase ? against : spoke) ?? [];
  const verdict = needsDatabase ? 'a database is needed' : 'no database is needed';
  const because =
    reasons.length > 0
      ? `It ${list(reasons)}`
      : needsDatabase
        ? 'Nothing says that it keeps no data'
        : 'Nothing in it asks for data to be kept';
  const but = doubts.length > 0 && confidence < 0.9 ? `, though it also ${list(doubts.slice(0, 2))}` : '';
  return `${because}: ${verdict}${but}${confidence < 0.65 ? ' (not sure)' : ''}.`;
}

function list(signals: readonly NeedSignal[]): string {
  const says = signals.slice(0, 3).map((signal) => signal.says);
  return says.length > 1 ? `${says.slice(0, -1).join(', ')} and ${says.at(-1)}` : (says[0] ?? '');
}

function readWeight(entry: string): readonly [string, number] {
  const at = entry.lastIndexOf(':');
  return [entry.slice(0, at), Number(entry.slice(at + 1)) / 100];
}
