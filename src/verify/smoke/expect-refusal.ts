import type { Operation } from '../api-document.ts';
import type { HttpAnswer } from '../http-client.ts';
import type { CallInput, Prober } from '../prober.ts';
import type { HostileInput } from './hostile-input.ts';

/** Sends the hostile input, over what `besides` gives, and expects it to be refused; resolves to the answer. */
export async function expectRefusal(
  prober: Prober,
  operation: Operation,
  { what, input, expected }: HostileInput,
  besides: CallInput = {},
): Promise<HttpAnswer> {
  const answer = await prober.call(operation, { ...besides, ...input });
  const refused = expected === '400' ? answer.status === 400 : answer.status >= 400 && answer.status < 500;
  prober.expect(answer, refused, `${expected}, as it is ${what}`);
  return answer;
}

/** Further than any key goes that the gates make, and not out of the range of the smallest whole numbers. */
const FAR = 9_876;

/** A value of the same type that no row has. */
export function absentValue(value: unknown): unknown {
  if (typeof value === 'number') return value + FAR;
  const text = String(value);
  if (/^\d+$/.test(text)) return String(Number(text) + FAR);
  if (/^[0-9a-f]{8}-/i.test(text)) return '00000000-0000-4000-8000-00000000dead';
  return `${text.slice(0, Math.max(0, text.length - 4))}zzzz`;
}
