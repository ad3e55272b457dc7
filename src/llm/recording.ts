import { appendFile, readFile } from 'node:fs/promises';
import { z } from 'zod';
import { TurboError } from '../domain/errors.ts';
import type { LanguageModel, ModelAnswer, ModelRequest } from './model-call.ts';
import { looseHash, requestHash } from './request-hash.ts';

const tokens = z.number().nonnegative();
const extra = z.json().optional();

const recordedAnswer = z.object({
  purpose: z.string(),
  hash: z.string(),
  looseHash: z.string(),
  answer: z.object({
    parts: z.array(
      z.discriminatedUnion('type', [
        z.object({ type: z.enum(['text', 'reasoning']), text: z.string(), extra }),
        z.object({
          type: z.literal('tool-call'),
          id: z.string(),
          name: z.string(),
          input: z.record(z.string(), z.json()).optional(),
          extra,
        }),
      ]),
    ),
    finish: z.enum(['complete', 'tool-calls', 'cut-off', 'refused', 'other']),
    usage: z.object({
      provider: z.enum(['xai', 'openai', 'anthropic', 'google', 'openai-compatible']),
      model: z.string(),
      tokensIn: tokens,
      tokensOut: tokens,
      tokensCached: tokens,
      durationMs: tokens,
      costUsd: tokens.optional(),
    }),
  }),
});

type RecordedAnswer = z.infer<typeof recordedAnswer>;

/** The model, with every answer written to the file's end, a line of JSON each. What was asked stands there as a hash alone. */
export function recordingModel(model: LanguageModel, file: string): LanguageModel {
  let written = Promise.resolve();
  return {
    ...model,
    async ask(request) {
      const answer = await model.ask(request);
      const line = { purpose: request.purpose, hash: requestHash(request), looseHash: looseHash(request), answer };
      written = written.then(() => appendFile(file, `${JSON.stringify(line)}\n`, { mode: 0o600 }));
      await written;
      return answer;
    },
  };
}

/**
 * Answers from a recording, for nothing: each answer once, the same request's in the order in which they were recorded.
 * Rejects with `USAGE` when the file holds no recording. `ask` rejects with `MODEL_UNAVAILABLE` when it holds no answer.
 */
export async function replayingModel(file: string): Promise<LanguageModel> {
  const left = await readRecording(file);
  const [first] = left;
  if (!first) throw noRecording(file);
  const { provider, model } = first.answer.usage;
  return {
    provider,
    model,
    async ask(request) {
      request.signal.throwIfAborted();
      const at = indexOf(left, request);
      const [recorded] = at === -1 ? [] : left.splice(at, 1);
      if (recorded) return freeOfCharge(recorded.answer);
      throw new TurboError('MODEL_UNAVAILABLE', `The recording holds no answer to this ${request.purpose} call`, {
        fix: 'Replay with the prompt, the options and the version that were recorded, or record again with --record.',
      });
    },
  };
}

/** The same request if it was recorded, else the first that differs only by chance. */
function indexOf(recorded: readonly RecordedAnswer[], request: ModelRequest): number {
  const exact = requestHash(request);
  const at = recorded.findIndex(({ hash }) => hash === exact);
  if (at !== -1) return at;
  const loose = looseHash(request);
  return recorded.findIndex(({ looseHash: like, purpose }) => like === loose && purpose === request.purpose);
}

function freeOfCharge(answer: RecordedAnswer['answer']): ModelAnswer {
  const parts = answer.parts.map((part) => (part.type === 'tool-call' ? { ...part, input: part.input } : part));
  return { ...answer, parts, usage: { ...answer.usage, durationMs: 0, costUsd: 0 } };
}

async function readRecording(file: string): Promise<RecordedAnswer[]> {
  try {
    const lines = (await readFile(file, 'utf8')).split('\n').filter((line) => line.trim() !== '');
    return lines.map((line) => recordedAnswer.parse(JSON.parse(line)));
  } catch (cause) {
    throw noRecording(file, cause);
  }
}

function noRecording(file: string, cause?: unknown): TurboError {
  const why =
    (cause as NodeJS.ErrnoException | undefined)?.code === 'ENOENT' ? 'it does not exist' : 'it is not one, or empty';
  return new TurboError('USAGE', `No recording can be read from ${file}: ${why}`, {
    fix: 'Name a file that --record has written.',
  });
}
