import type { DatabaseSchema } from '../../domain/database-schema.ts';
import { TurboError } from '../../domain/errors.ts';
import type { DatabaseNeed, EndpointSketch, SchemaProposal } from '../../domain/schema-design.ts';
import { generateJson, type JsonRequest, type LanguageModel, type ModelMessage } from '../../llm/language-model.ts';
import type { ChangeProposal, Objections, Planner } from '../planner.ts';
import { CHANGE_SHAPE, ENDPOINTS_SHAPE, NEED_SHAPE, SCHEMA_SHAPE } from './answer-shapes.ts';
import { CHANGE_PROMPT, catalogText } from './prompts/change-prompt.ts';
import { ENDPOINTS_PROMPT } from './prompts/endpoints-prompt.ts';
import { NEED_PROMPT } from './prompts/need-prompt.ts';
import { objectionsText, proposalText, SCHEMA_PROMPT } from './prompts/schema-prompt.ts';
import { userRequest } from './prompts/user-request.ts';
import { changeAnswer } from './read-change.ts';
import { endpointsAnswer } from './read-endpoints.ts';
import { needAnswer } from './read-need.ts';
import { tablesAnswer } from './read-tables.ts';

/** It is the first call of a run, and a server of one's own may have to load the model before it answers. */
const COLD_START_MS = 300_000;

/**
 * Asks a model. One instance serves one run: what its calls cost goes to the ledger and the budget that the model was
 * opened with. Rejects with the codes of `generateJson`.
 */
export class LlmPlanner implements Planner {
  readonly kind = 'llm';
  readonly #model: LanguageModel;

  constructor(model: LanguageModel) {
    this.#model = model;
  }

  /** Asked once more when no answer came: what is built depends on it. */
  async detectNeed(prompt: string, signal: AbortSignal): Promise<DatabaseNeed> {
    try {
      return await this.#askNeed(prompt, signal);
    } catch (error) {
      if (signal.aborted || !(error instanceof TurboError) || error.code !== 'MODEL_UNAVAILABLE') throw error;
      return this.#askNeed(prompt, signal);
    }
  }

  #askNeed(prompt: string, signal: AbortSignal): Promise<DatabaseNeed> {
    return this.#ask({
      purpose: 'detect',
      system: NEED_PROMPT,
      messages: [user(userRequest(prompt))],
      shape: NEED_SHAPE,
      read: needAnswer,
      effort: 'low',
      // A reasoning model's thoughts count as output, though nobody reads them.
      maxOutputTokens: 4000,
      timeoutMs: this.#model.provider === 'openai-compatible' ? COLD_START_MS : 60_000,
      signal,
    });
  }

  async proposeSchema(prompt: string, signal: AbortSignal, objections?: Objections): Promise<SchemaProposal> {
    const tables = await this.#ask({
      purpose: 'design',
      system: SCHEMA_PROMPT,
      messages: [user(userRequest(prompt)), ...(objections ? answered(objections) : [])],
      shape: SCHEMA_SHAPE,
      read: tablesAnswer,
      effort: 'medium',
      maxOutputTokens: 16_000,
      timeoutMs: 180_000,
      signal,
    });
    return { tables, warnings: [] };
  }

  proposeChange(sentence: string, schema: DatabaseSchema, signal: AbortSignal): Promise<ChangeProposal> {
    return this.#ask({
      purpose: 'design',
      system: CHANGE_PROMPT,
      messages: [user(`The schema there is:\n${catalogText(schema)}\n\n${userRequest(sentence)}`)],
      shape: CHANGE_SHAPE,
      read: changeAnswer,
      effort: 'medium',
      maxOutputTokens: 12_000,
      timeoutMs: 120_000,
      signal,
    });
  }

  sketchEndpoints(prompt: string, signal: AbortSignal): Promise<readonly EndpointSketch[]> {
    return this.#ask({
      purpose: 'endpoints',
      system: ENDPOINTS_PROMPT,
      messages: [user(userRequest(prompt))],
      shape: ENDPOINTS_SHAPE,
      read: endpointsAnswer,
      effort: 'low',
      maxOutputTokens: 6000,
      timeoutMs: 90_000,
      signal,
    });
  }

  #ask<T>(request: JsonRequest<T>): Promise<T> {
    return generateJson(this.#model, request);
  }
}

/** The conversation as it would have been: the refused answer, and what is wrong with it. */
function answered({ proposal, findings }: Objections): readonly ModelMessage[] {
  return [
    { role: 'assistant', parts: [{ type: 'text', text: proposalText(proposal) }] },
    user(objectionsText(findings)),
  ];
}

function user(text: string): ModelMessage {
  return { role: 'user', text };
}
