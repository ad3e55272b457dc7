import { isDeepStrictEqual } from 'node:util';
import { type LoadRequest } from './load-order.ts';
import { QUESTIONS } from './questions.ts';

// Whoever answers less is quicker.
const COMPARED = ['id', 'user_id', 'category_id', 'title', 'body', 'status'];

/** Asks each server the same and throws when their answers do not hold the same values of the same rows. */
export async function expectSameAnswers(urls: readonly string[]): Promise<void> {
  for (const { name, requests } of QUESTIONS.filter(({ expectedStatus }) => expectedStatus === 200)) {
    const answers = await Promise.all(urls.map((url) => rowsOf(url, requests[0])));
    if (answers.some((answer) => answer.length === 0 || !isDeepStrictEqual(answer, answers[0]))) {
      throw new Error(`${name} is answered differently: ${JSON.stringify(answers).slice(0, 2000)}`);
    }
  }
}

async function rowsOf(url: string, request: LoadRequest | undefined): Promise<readonly unknown[]> {
  const response = await fetch(url + request?.path);
  const answer = (await response.json()) as Row & { readonly data?: readonly Row[] };
  return (answer.data ?? [answer]).map((row) => COMPARED.map((column) => row[column]));
}

type Row = Readonly<Record<string, unknown>>;
