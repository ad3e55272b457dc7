import { failureOfAnswer } from './answer-failure.ts';
import type { AssistantMessage, LanguageModel, ModelRequest, ModelUsage } from './model-call.ts';

/** One turn of a conversation: small JSON, and with the earlier turns all that the next one needs. */
export interface Turn {
  /** Goes into the next request unchanged; `toolCallsOf` and `textOf` read it. */
  readonly message: AssistantMessage;
  readonly usage: ModelUsage;
}

/**
 * Asks for the model's next turn, in one call. Carrying out the tools and asking again is the caller's.
 * Rejects as `ask` does, and with `MODEL_ANSWER_UNUSABLE` for a turn that is cut off or empty, `MODEL_REFUSED` for one
 * that was filtered; what such a turn cost is known to the ledger and the budget.
 */
export async function converse(model: LanguageModel, request: ModelRequest): Promise<Turn> {
  const answer = await model.ask(request);
  const failure = failureOfAnswer(answer, request.purpose);
  if (failure) throw failure;
  return { message: { role: 'assistant', parts: answer.parts }, usage: answer.usage };
}
