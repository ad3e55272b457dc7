import type { ModelRequest } from './model-call.ts';

const LONGEST = 200;
/** As many letters of the request in a row count as a quotation of it. */
const QUOTATION = 20;

/**
 * What a provider says about a request it did not take, in one line; empty when it quotes the request, of which nothing
 * may go into an error, or when it says nothing. Keys are what the redactor takes out wherever the text goes.
 */
export function quoteProvider(thrown: unknown, request: ModelRequest): string {
  const message = oneLine(thrown instanceof Error ? thrown.message : '').slice(0, LONGEST);
  return quotes(message, request) ? '' : message;
}

function quotes(message: string, { system, messages }: ModelRequest): boolean {
  const sent = oneLine(
    [system, JSON.stringify(messages), ...messages.map((one) => ('text' in one ? one.text : ''))].join('\n'),
  );
  for (let at = 0; at + QUOTATION <= message.length; at += 1) {
    if (sent.includes(message.slice(at, at + QUOTATION))) return true;
  }
  return false;
}

function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\s]+/gu, ' ').trim();
}
