/** `openai-compatible` is any server that speaks OpenAI's chat completions, found by its address. */
export type ModelProvider = 'xai' | 'openai' | 'anthropic' | 'google' | 'openai-compatible';

/** JSON as it comes and goes: requests, answers and their parts are plain, so that a checkpoint can hold them. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/**
 * A language model that is asked once per call: no loop, no memory. What it remembers of a conversation stands in
 * `messages`. Port: `openLanguageModel`; wrapped by `withLedger`, `recordingModel`, and taken over by `replayingModel`.
 */
export interface LanguageModel {
  readonly provider: ModelProvider;
  readonly model: string;

  /**
   * Resolves to whatever was answered and billed, a refusal or half an answer included: `finish` tells. Rejects when
   * there is no answer: `MODEL_UNAVAILABLE` (after retries within the call's time), `MODEL_KEY_REFUSED`,
   * `MODEL_REFUSED`, `MODEL_INPUT_TOO_LONG`, `MODEL_ANSWER_UNUSABLE`, `CONFIG_INVALID` (no such model),
   * `BUDGET_EXCEEDED` (before anything was sent); with the signal's reason when that is aborted.
   */
  ask(request: ModelRequest): Promise<ModelAnswer>;
}

export interface ModelRequest {
  /** What the call is for, in records and complaints: `detect`, `design`, `code`; at most 64 characters. */
  readonly purpose: string;
  /** Comes first and is the same in every call of the purpose, so that providers can serve it from their caches. */
  readonly system: string;
  /** The conversation; a longer one must begin with the shorter one's messages to profit from caches. */
  readonly messages: readonly ModelMessage[];
  readonly tools?: readonly ToolDefinition[] | undefined;
  /** The JSON that is wanted. Asked for where the provider can be, which is no promise that it comes. */
  readonly shape?: AnswerShape | undefined;
  readonly maxOutputTokens: number;
  /** How much a reasoning model should think; its own habit when undefined. */
  readonly effort?: 'low' | 'medium' | 'high' | undefined;
  /** Calls with the same key share a long beginning: a project's id, for a conversation of many turns. */
  readonly cacheKey?: string | undefined;
  /** The time for all tries together; 120 000 when undefined. */
  readonly timeoutMs?: number | undefined;
  readonly signal: AbortSignal;
}

export interface AnswerShape {
  /** snake_case. */
  readonly name: string;
  /** JSON Schema; every property required and none besides, as strict modes want it. */
  readonly schema: { readonly [key: string]: Json };
}

export interface ToolDefinition {
  readonly name: string;
  readonly description: string;
  /** JSON Schema of an object. */
  readonly inputSchema: { readonly [key: string]: Json };
}

export type ModelMessage =
  | { readonly role: 'user'; readonly text: string }
  | AssistantMessage
  | { readonly role: 'tool'; readonly results: readonly ToolResult[] };

/** What the model said, as it must be given back to it in the next turn. */
export interface AssistantMessage {
  readonly role: 'assistant';
  readonly parts: readonly AnswerPart[];
}

export type AnswerPart =
  | { readonly type: 'text' | 'reasoning'; readonly text: string; readonly extra?: Json | undefined }
  | {
      readonly type: 'tool-call';
      readonly id: string;
      readonly name: string;
      /** Undefined when the model wrote something that is not an object. */
      readonly input: { readonly [key: string]: Json } | undefined;
      /** The provider's own: signed or encrypted reasoning that it wants back unchanged. */
      readonly extra?: Json | undefined;
    };

export interface ToolResult {
  readonly callId: string;
  readonly name: string;
  readonly output: string;
  readonly failed: boolean;
}

export interface ModelAnswer {
  readonly parts: readonly AnswerPart[];
  /** `cut-off`: the output limit was reached; `refused`: a content filter; `other`: anything else that is not normal. */
  readonly finish: 'complete' | 'tool-calls' | 'cut-off' | 'refused' | 'other';
  readonly usage: ModelUsage;
}

/** One call as it was billed. */
export interface ModelUsage {
  readonly provider: ModelProvider;
  readonly model: string;
  /** Those from the provider's cache included. */
  readonly tokensIn: number;
  /** Reasoning included. */
  readonly tokensOut: number;
  readonly tokensCached: number;
  readonly durationMs: number;
  /** US dollars: the provider's own figure, else from a price list; undefined when the price is not known. */
  readonly costUsd?: number | undefined;
}

export function textOf(answer: Pick<ModelAnswer, 'parts'>): string {
  return answer.parts.map((part) => (part.type === 'text' ? part.text : '')).join('');
}

export type ToolCall = Extract<AnswerPart, { type: 'tool-call' }>;

export function toolCallsOf(answer: Pick<ModelAnswer, 'parts'>): readonly ToolCall[] {
  return answer.parts.filter((part) => part.type === 'tool-call');
}
