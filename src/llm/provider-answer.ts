import type { ProviderModel } from './load-provider.ts';
import type { AnswerPart, Json, ModelAnswer } from './model-call.ts';
import type { BilledTokens } from './prices.ts';
import { readModelJson } from './read-model-json.ts';

export type ProviderAnswer = Awaited<ReturnType<ProviderModel['doGenerate']>>;

/** What was said: text, reasoning and tool calls; sources and files have no use here. */
export function partsOf({ content }: ProviderAnswer): readonly AnswerPart[] {
  return content.flatMap((part): AnswerPart[] => {
    if (part.type !== 'text' && part.type !== 'reasoning' && part.type !== 'tool-call') return [];
    const extra = part.providerMetadata === undefined ? {} : { extra: part.providerMetadata as Json };
    if (part.type !== 'tool-call') return [{ type: part.type, text: part.text, ...extra }];
    return [{ type: 'tool-call', id: part.toolCallId, name: part.toolName, input: readInput(part.input), ...extra }];
  });
}

function readInput(text: string): { readonly [key: string]: Json } | undefined {
  if (text.trim() === '') return {};
  const [value] = readModelJson(text);
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as { readonly [key: string]: Json })
    : undefined;
}

export function finishOf(answer: ProviderAnswer): ModelAnswer['finish'] {
  const { unified, raw } = answer.finishReason;
  // xAI's answers say only that they are incomplete; why stands in the body. A tool call in one is cut off as well.
  if (raw === 'incomplete') return incompleteBecause(answer) === 'content_filter' ? 'refused' : 'cut-off';
  if (unified === 'length') return 'cut-off';
  if (unified === 'content-filter') return 'refused';
  if (unified === 'tool-calls') return 'tool-calls';
  if (unified !== 'stop' && !isStop(raw)) return 'other';
  // Some servers say «stop» when they mean «tool calls».
  return answer.content.some((part) => part.type === 'tool-call') ? 'tool-calls' : 'complete';
}

/** What servers say for «stop» in their own words, if they say anything. */
function isStop(raw: string | undefined): boolean {
  return raw === undefined || /^(eos|end|done|complete|function_call|tool_call)/i.test(raw);
}

function incompleteBecause(answer: ProviderAnswer): unknown {
  return bodyOf(answer).incomplete_details?.reason;
}

/** The answer as it came, for the few things that the SDK does not pass on. */
function bodyOf({ response }: ProviderAnswer): {
  readonly incomplete_details?: { readonly reason?: unknown } | null;
  readonly usage?: { readonly cost?: unknown; readonly cost_in_usd_ticks?: unknown } | null;
} {
  return typeof response?.body === 'object' && response.body !== null ? response.body : {};
}

export function tokensOf({ usage }: ProviderAnswer): BilledTokens {
  return {
    tokensIn: usage.inputTokens.total ?? 0,
    tokensOut: usage.outputTokens.total ?? 0,
    tokensCached: usage.inputTokens.cacheRead ?? 0,
  };
}

const TICKS_PER_USD = 1e10;

/** The provider's own figure in US dollars: xAI's ticks, or the `cost` that gateways add to the usage. */
export function reportedCostOf(answer: ProviderAnswer): number | undefined {
  const { usage } = bodyOf(answer);
  if (isCost(usage?.cost_in_usd_ticks)) return usage.cost_in_usd_ticks / TICKS_PER_USD;
  return isCost(usage?.cost) ? usage.cost : undefined;
}

function isCost(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}
