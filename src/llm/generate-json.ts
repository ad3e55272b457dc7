import type { z } from 'zod';
import { failureOfAnswer, unusable } from './answer-failure.ts';
import { textOf, type AnswerShape, type LanguageModel, type ModelAnswer, type ModelRequest } from './model-call.ts';
import { readModelJson } from './read-model-json.ts';

export interface JsonRequest<T> extends Omit<ModelRequest, 'tools'> {
  readonly shape: AnswerShape;
  /** Reads the answer; more lenient than `shape`, since not every server holds a model to it. */
  readonly read: z.ZodType<T>;
}

/**
 * Asks for JSON and reads it. An answer that is cut off is asked for again with twice the room, one that is not what was
 * wanted is given back once with what is wrong about it. Rejects as `ask` does, and with `MODEL_ANSWER_UNUSABLE` when
 * the second answer is no better, `MODEL_REFUSED` for one that was filtered.
 */
export async function generateJson<T>(model: LanguageModel, { read, ...wanted }: JsonRequest<T>): Promise<T> {
  const request = { ...wanted, system: `${wanted.system}\n\n${shapeInWords(wanted.shape)}` };
  const answer = await model.ask(request);
  const first = judge(answer, request, read);
  if ('value' in first) return first.value;
  if (answer.finish === 'refused') throw first.failure;

  const second = judge(await model.ask(improved(request, answer, first.complaint)), request, read);
  if ('value' in second) return second.value;
  throw second.failure;
}

/** For servers that do not take a schema; the others read it as well. */
function shapeInWords({ schema }: AnswerShape): string {
  return `Answer with one JSON object of this JSON Schema and with nothing else:\n${JSON.stringify(schema)}`;
}

type Judgement<T> =
  | { readonly value: T }
  | {
      readonly failure: Error;
      /** What the model can better; undefined when there is nothing to point at. */
      readonly complaint: string | undefined;
    };

function judge<T>(answer: ModelAnswer, { purpose }: ModelRequest, read: z.ZodType<T>): Judgement<T> {
  const failure = failureOfAnswer(answer, purpose);
  if (failure) return { failure, complaint: undefined };

  const readings = readModelJson(textOf(answer)).map((json) => read.safeParse(json));
  const good = readings.findLast((reading) => reading.success);
  if (good) return { value: good.data };
  const issues = readings.at(-1)?.error?.issues ?? [];
  const complaint = issues.slice(0, 10).map(inWords).join('\n') || 'There is no complete JSON object in it.';
  return {
    failure: unusable(`${answer.usage.model}'s answer to the ${purpose} call is not what was asked for`),
    complaint,
  };
}

function inWords({ path, message }: z.core.$ZodIssue): string {
  return `- ${path.join('.') || 'the answer'}: ${message}`;
}

const LONGEST_QUOTE = 20_000;

function improved(request: ModelRequest, answer: ModelAnswer, complaint: string | undefined): ModelRequest {
  if (answer.finish === 'cut-off') return { ...request, maxOutputTokens: 2 * request.maxOutputTokens };
  if (complaint === undefined) return request;
  const text = textOf(answer).slice(0, LONGEST_QUOTE);
  return {
    ...request,
    messages: [
      ...request.messages,
      { role: 'assistant', parts: [{ type: 'text', text }] },
      { role: 'user', text: `That cannot be used:\n${complaint}\nAnswer again, with the JSON object alone.` },
    ],
  };
}
