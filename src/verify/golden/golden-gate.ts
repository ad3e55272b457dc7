import type { GateOutcome } from '../gate-runner.ts';
import type { HttpClient } from '../http-client.ts';
import { compareAnswers, questionNow } from './compare-answers.ts';
import {
  cursorOf,
  keyOf,
  nameQuestion,
  sendQuestion,
  type GoldenAnswer,
  type GoldenQuestion,
} from './golden-answers.ts';
import type { MeantDifferences } from './meant-differences.ts';

const SHOWN = 40;

/** Asks the new release what the one from before was asked on the same rows: only what is meant may differ. */
export async function goldenGate(
  client: HttpClient,
  before: readonly GoldenAnswer[],
  meant: MeantDifferences,
  signal: AbortSignal,
): Promise<GateOutcome> {
  const counts = { same: 0, asMeant: 0, gone: 0 };
  const differences: string[] = [];
  const cursors = new Map<string, string | undefined>();
  for (const answer of firstPagesFirst(before)) {
    const question = questionNow(answer, meant);
    if (!question) {
      counts.gone += 1;
      continue;
    }
    const after = await sendQuestion(client, question, cursors.get(listOf(question)), signal);
    if (question.page === 1) cursors.set(listOf(question), cursorOf(after.body));
    const compared = compareAnswers(answer, after, meant);
    if (compared === 'same') counts.same += 1;
    else if (compared === 'as-meant') counts.asMeant += 1;
    else differences.push(compared.difference);
  }
  return judge(before.length, counts, differences, meant);
}

function firstPagesFirst(answers: readonly GoldenAnswer[]): readonly GoldenAnswer[] {
  return answers.toSorted((a, b) => a.page - b.page);
}

function listOf(question: GoldenQuestion): string {
  return keyOf({ ...question, page: 1 });
}

function judge(
  asked: number,
  { same, asMeant, gone }: Readonly<Record<'same' | 'asMeant' | 'gone', number>>,
  differences: readonly string[],
  { reasons, ownFiles }: MeantDifferences,
): GateOutcome {
  const compared = `${asked} answers of the release from before, asked for again: ${same} the same, ${asMeant + gone} as the change means`;
  const meant = reasons.map((reason) => `meant: ${reason}`);
  if (differences.length === 0) return { status: 'passed', summary: compared, evidence: meant };
  const shown = differences.slice(0, SHOWN);
  if (ownFiles.length > 0) {
    const files = ownFiles.slice(0, 10).join(', ');
    return {
      status: 'passed',
      summary: `${compared}, ${differences.length} by what people wrote`,
      evidence: [...meant, ...shown.map((line) => `by what people wrote (${files}): ${line}`)],
    };
  }
  return {
    status: 'failed',
    summary: `${differences.length} of ${asked} answers differ in what the change does not explain: ${differences[0]}`,
    evidence: [...shown, ...meant],
  };
}

/** Which questions a release answered before and does not any more: it fails, or nobody answers. */
export function unanswered(before: readonly GoldenAnswer[], now: readonly GoldenAnswer[]): readonly string[] {
  const answers = new Map(now.map((answer) => [keyOf(answer), answer]));
  const failing = before.filter((answer) => isServed(answer) && !isServed(answers.get(keyOf(answer))));
  return failing.map(nameQuestion);
}

function isServed(answer: GoldenAnswer | undefined): boolean {
  return answer !== undefined && answer.status > 0 && answer.status < 500;
}
