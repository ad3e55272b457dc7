import type { LanguageModel } from 'ai';
import { boundedFetch } from './bounded-fetch.ts';
import type { LanguageModelSettings } from './model-settings.ts';

/** A model of the AI SDK, asked through its provider interface: one call is one request, without a retry of its own. */
export type ProviderModel = Extract<LanguageModel, { specificationVersion: 'v4' }>;

export type ProviderCall = Parameters<ProviderModel['doGenerate']>[0];

// Said here although the SDK knows them: it would let OPENAI_BASE_URL and the like send the key somewhere else.
const ADDRESSES = {
  xai: 'https://api.x.ai/v1',
  openai: 'https://api.openai.com/v1',
  anthropic: 'https://api.anthropic.com/v1',
  google: 'https://generativelanguage.googleapis.com/v1beta',
} as const;

/** Loads the one adapter that the settings name. */
export async function loadProvider(settings: LanguageModelSettings): Promise<ProviderModel> {
  if (settings.provider === 'openai-compatible') return openCompatible(settings);
  const { provider, apiKey, model, baseUrl = ADDRESSES[provider] } = settings;
  const options = { apiKey: apiKey.reveal(), baseURL: baseUrl, fetch: boundedFetch };
  switch (provider) {
    case 'xai':
      return (await import('@ai-sdk/xai')).createXai(options).languageModel(model);
    case 'openai':
      return (await import('@ai-sdk/openai')).createOpenAI(options).languageModel(model);
    case 'anthropic':
      return (await import('@ai-sdk/anthropic')).createAnthropic(options).languageModel(model);
    case 'google':
      return (await import('@ai-sdk/google')).createGoogle(options).languageModel(model);
  }
}

async function openCompatible({
  apiKey,
  baseUrl,
  model,
}: Extract<LanguageModelSettings, { provider: 'openai-compatible' }>): Promise<ProviderModel> {
  const { createOpenAICompatible } = await import('@ai-sdk/openai-compatible');
  const provider = createOpenAICompatible({
    name: 'compatible',
    baseURL: baseUrl.replace(/\/+$/, ''),
    ...(apiKey && { apiKey: apiKey.reveal() }),
    supportsStructuredOutputs: true,
    fetch: boundedFetch,
  });
  return provider.languageModel(model);
}
