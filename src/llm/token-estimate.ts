import type { ModelRequest } from './model-call.ts';

/** Tokenizers make 3 to 4 bytes of prose and code into a token, and less of rare text: this errs to the dear side. */
const BYTES_PER_TOKEN = 2.5;

/** What a provider puts around a request: role marks, tool preambles. */
const OVERHEAD_TOKENS = 200;

/** How many tokens a request will count at most, as far as can be told without the provider's tokenizer. */
export function estimateTokens({ system, messages, tools, shape }: ModelRequest): number {
  const bytes = Buffer.byteLength(JSON.stringify([system, messages, tools, shape]));
  return OVERHEAD_TOKENS + Math.ceil(bytes / BYTES_PER_TOKEN);
}
