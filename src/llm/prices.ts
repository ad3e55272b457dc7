import { calcPrice } from '@pydantic/genai-prices';
import type { ModelProvider } from './model-call.ts';

export interface BilledTokens {
  readonly tokensIn: number;
  readonly tokensOut: number;
  readonly tokensCached: number;
}

/** US dollars for a call's tokens; undefined when nobody has told the model's price. */
export type PriceList = (tokens: BilledTokens) => number | undefined;

const LIST_NAMES = { xai: 'x-ai', openai: 'openai', anthropic: 'anthropic', google: 'google' } as const;

/** US dollars per million tokens, as the providers publish them, for models that the price list does not have yet. */
const PUBLISHED: Readonly<Record<string, { readonly input: number; readonly output: number }>> = {
  'xai/grok-4.7': { input: 2, output: 6 },
};

/** A price that the user has said. */
export function saidPrice({
  inputUsd,
  outputUsd,
}: {
  readonly inputUsd: number;
  readonly outputUsd: number;
}): PriceList {
  return ({ tokensIn, tokensOut }) => (tokensIn * inputUsd + tokensOut * outputUsd) / 1_000_000;
}

/** A server of one's own is found in the list by its address, since anything may run there under any model's name. */
export function priceList(provider: ModelProvider, model: string, baseUrl: string | undefined): PriceList {
  const at =
    provider === 'openai-compatible' ? { providerApiUrl: baseUrl ?? '' } : { providerId: LIST_NAMES[provider] };
  const published = PUBLISHED[`${provider}/${model}`];
  return ({ tokensIn, tokensOut, tokensCached }) => {
    // A server that counts nothing has not said that the call was free.
    if (tokensIn + tokensOut === 0) return undefined;
    const tokens = { input_tokens: tokensIn, output_tokens: tokensOut, cache_read_tokens: tokensCached };
    const listed = calcPrice(tokens, model, at)?.total_price;
    return listed ?? (published && (tokensIn * published.input + tokensOut * published.output) / 1_000_000);
  };
}
