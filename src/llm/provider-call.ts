import type { AnswerPart, Json, ModelMessage, ModelProvider, ModelRequest } from './model-call.ts';
import type { ProviderCall } from './load-provider.ts';

type ProviderMessage = ProviderCall['prompt'][number];
type ProviderOptions = NonNullable<ProviderCall['providerOptions']>;

/** The request as the AI SDK's providers take it. `withShape` false: the server is known not to take a JSON schema. */
export function toProviderCall(
  provider: ModelProvider,
  request: ModelRequest,
  { maxOutputTokens, withShape, signal }: { maxOutputTokens: number; withShape: boolean; signal: AbortSignal },
): ProviderCall {
  const { shape, tools, effort } = request;
  return {
    prompt: markForCache(provider, request, [
      { role: 'system', content: request.system },
      ...request.messages.map(toProviderMessage),
    ]),
    maxOutputTokens,
    ...(shape && withShape && { responseFormat: { type: 'json', schema: shape.schema, name: shape.name } }),
    ...(tools && tools.length > 0 && { tools: tools.map((tool) => ({ type: 'function', ...tool })) }),
    // Elsewhere asking for an effort would turn thinking on rather than down, or be an unknown field.
    ...(effort && (provider === 'xai' || provider === 'openai') && { reasoning: effort }),
    providerOptions: optionsFor(provider, request.cacheKey),
    abortSignal: signal,
  };
}

function toProviderMessage(message: ModelMessage): ProviderMessage {
  switch (message.role) {
    case 'user':
      return { role: 'user', content: [{ type: 'text', text: message.text }] };
    case 'assistant':
      return { role: 'assistant', content: message.parts.map(toProviderPart) };
    case 'tool':
      return {
        role: 'tool',
        content: message.results.map(({ callId, name, output, failed }) => ({
          type: 'tool-result',
          toolCallId: callId,
          toolName: name,
          output: { type: failed ? 'error-text' : 'text', value: output },
        })),
      };
  }
}

function toProviderPart(part: AnswerPart): Extract<ProviderMessage, { role: 'assistant' }>['content'][number] {
  const extra = part.extra === undefined ? {} : { providerOptions: part.extra as ProviderOptions };
  if (part.type !== 'tool-call') return { type: part.type, text: part.text, ...extra };
  return { type: 'tool-call', toolCallId: part.id, toolName: part.name, input: part.input ?? {}, ...extra };
}

/** Anthropic caches up to a mark; the others find common beginnings by themselves. */
function markForCache(provider: ModelProvider, request: ModelRequest, prompt: ProviderMessage[]): ProviderMessage[] {
  if (provider !== 'anthropic' || request.cacheKey === undefined) return prompt;
  const mark: ProviderOptions = { anthropic: { cacheControl: { type: 'ephemeral' } } };
  return prompt.map((message, index) =>
    index === 0 || index === prompt.length - 1 ? { ...message, providerOptions: mark } : message,
  );
}

/** Nothing is left with the provider where it can be told so. */
function optionsFor(provider: ModelProvider, cacheKey: string | undefined): ProviderOptions {
  const cache: { [key: string]: Json } = cacheKey === undefined ? {} : { promptCacheKey: cacheKey };
  if (provider === 'xai') return { xai: { store: false, ...cache } };
  if (provider === 'openai') return { openai: { store: false, ...cache } };
  return {};
}
