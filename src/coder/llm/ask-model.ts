import { TurboError, type FailureCode } from '../../domain/errors.ts';
import { converse, type LanguageModel, type ModelRequest, type Turn } from '../../llm/language-model.ts';

/** What came of one call: a turn, or why there is none. */
export type Asked =
  | { readonly turn: Turn }
  | { readonly failure: { readonly code: FailureCode; readonly message: string } };

/** After these the backend as it is by then is still worth having. */
const MODEL_FAILURES: readonly FailureCode[] = [
  'MODEL_UNAVAILABLE',
  'MODEL_KEY_REFUSED',
  'MODEL_REFUSED',
  'MODEL_INPUT_TOO_LONG',
  'MODEL_ANSWER_UNUSABLE',
  'BUDGET_EXCEEDED',
  'CONFIG_INVALID',
];

/** Asks once. Rejects when the run was cancelled and for what is not the model's failure. */
export async function askModel(model: LanguageModel, request: ModelRequest): Promise<Asked> {
  try {
    return { turn: await converse(model, request) };
  } catch (error) {
    if (request.signal.aborted || !(error instanceof TurboError) || !MODEL_FAILURES.includes(error.code)) throw error;
    return { failure: { code: error.code, message: error.message } };
  }
}
