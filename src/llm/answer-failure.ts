import { TurboError } from '../domain/errors.ts';
import { textOf, toolCallsOf, type ModelAnswer } from './model-call.ts';

/** Why an answer cannot be used, whatever it says; undefined for one that ended as it should and says something. */
export function failureOfAnswer(answer: ModelAnswer, purpose: string): TurboError | undefined {
  const { model, tokensOut } = answer.usage;
  const its = `${model}'s answer to the ${purpose} call`;
  switch (answer.finish) {
    case 'refused':
      return new TurboError('MODEL_REFUSED', `${its} was withheld by a content filter`, {
        fix: 'Say it in other words, or use another model.',
      });
    case 'cut-off':
      return unusable(`${its} was cut off after ${tokensOut} tokens`);
    case 'other':
      return unusable(`${its} ended before it was complete`);
    case 'complete':
    case 'tool-calls':
      return isEmpty(answer) ? unusable(`${its} is empty`) : undefined;
  }
}

export function unusable(message: string): TurboError {
  return new TurboError('MODEL_ANSWER_UNUSABLE', message, { fix: 'Try again, ask for less, or use another model.' });
}

function isEmpty(answer: ModelAnswer): boolean {
  return textOf(answer).trim() === '' && toolCallsOf(answer).length === 0;
}
