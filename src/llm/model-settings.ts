import type { Secret } from '../domain/secret.ts';

interface NamedProvider<Name extends string> {
  readonly provider: Name;
  readonly apiKey: Secret;
  readonly model: string;
  /** Another address of the same API: a gateway, a test's server. The provider's own when undefined. */
  readonly baseUrl?: string | undefined;
  /** No call takes longer than this, whatever it asks for. */
  readonly timeoutMs?: number | undefined;
}

export type LanguageModelSettings =
  | NamedProvider<'xai'>
  | NamedProvider<'openai'>
  | NamedProvider<'anthropic'>
  | NamedProvider<'google'>
  | {
      readonly provider: 'openai-compatible';
      /** Up to and with the version: `http://127.0.0.1:11434/v1`. */
      readonly baseUrl: string;
      readonly model: string;
      readonly apiKey?: Secret | undefined;
      readonly timeoutMs?: number | undefined;
    };

/** The model that is asked when none is named. */
export const DEFAULT_MODELS = {
  xai: 'grok-4.7',
  openai: 'gpt-5.4',
  anthropic: 'claude-sonnet-5',
  google: 'gemini-3.1-pro-preview',
} as const;

/** The variable that holds a provider's key, for complaints about it. */
export const KEY_VARIABLES = {
  xai: 'XAI_API_KEY',
  openai: 'OPENAI_API_KEY',
  anthropic: 'ANTHROPIC_API_KEY',
  google: 'GOOGLE_GENERATIVE_AI_API_KEY',
  'openai-compatible': 'TURBOBACKEND_LLM_API_KEY',
} as const;
