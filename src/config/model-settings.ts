import { z } from 'zod';
import { Secret } from '../domain/secret.ts';

const secret = z
  .string()
  .min(1)
  .transform((value) => new Secret(value));

/** The providers that a key chooses, the first that has one. */
const KEYS = {
  xai: 'XAI_API_KEY',
  openai: 'OPENAI_API_KEY',
  anthropic: 'ANTHROPIC_API_KEY',
  google: 'GOOGLE_GENERATIVE_AI_API_KEY',
} as const;

const VARIABLES = {
  TURBOBACKEND_PLANNER: z.enum(['builtin', 'llm']).optional(),
  TURBOBACKEND_LLM_BASE_URL: z.url({ protocol: /^https?$/ }).optional(),
  TURBOBACKEND_LLM_MODEL: z.string().min(1).optional(),
  TURBOBACKEND_LLM_API_KEY: secret.optional(),
  TURBOBACKEND_LLM_RECORD: z.string().min(1).optional(),
  TURBOBACKEND_LLM_REPLAY: z.string().min(1).optional(),
  TURBOBACKEND_BUDGET_USD: z.coerce.number().positive().optional(),
  TURBOBACKEND_LLM_PRICE: z
    .string()
    .regex(
      /^\d+(\.\d+)?,\d+(\.\d+)?$/,
      'two numbers with a comma between, US dollars per million tokens in and out: 0.5,1.5',
    )
    .transform((text): ModelPrice => {
      const [inputUsd = 0, outputUsd = 0] = text.split(',').map(Number);
      return { inputUsd, outputUsd };
    })
    .optional(),
  XAI_API_KEY: secret.optional(),
  OPENAI_API_KEY: secret.optional(),
  ANTHROPIC_API_KEY: secret.optional(),
  GOOGLE_GENERATIVE_AI_API_KEY: secret.optional(),
};

/** Which model plans and codes, and where its answers come from. */
export type ModelChoice =
  | { readonly provider: keyof typeof KEYS; readonly apiKey: Secret; readonly model: string | undefined }
  | {
      readonly provider: 'openai-compatible';
      readonly baseUrl: string;
      readonly apiKey: Secret | undefined;
      readonly model: string;
    }
  /** The answers of an earlier run, from a file. */
  | { readonly provider: 'recording'; readonly file: string };

export interface ModelSettings {
  /** Undefined: the built-in planner. */
  readonly choice: ModelChoice | undefined;
  /** Where to write the model's answers. */
  readonly recordFile: string | undefined;
  /** What a run may spend on models, US dollars. */
  readonly budgetUsd: number;
  /** Somebody has set it: a model whose price nobody knows cannot be held to it, and is not asked. */
  readonly isBudgetSet: boolean;
  /** Said by the user; undefined for the price lists'. */
  readonly price: ModelPrice | undefined;
}

/** US dollars per million tokens. */
interface ModelPrice {
  readonly inputUsd: number;
  readonly outputUsd: number;
}

const DEFAULT_BUDGET_USD = 1;

/** A server or a key that is named chooses the model; `TURBOBACKEND_PLANNER` decides whether one is used at all. */
export const modelSettings = z.object(VARIABLES).transform((env, context): ModelSettings => {
  const choice = env.TURBOBACKEND_PLANNER === 'builtin' ? undefined : chooseModel(env, context);
  if (env.TURBOBACKEND_PLANNER === 'llm' && !choice) {
    const keys = Object.values(KEYS).join(', ');
    context.addIssue({
      code: 'custom',
      path: ['TURBOBACKEND_PLANNER'],
      message: `llm needs a model: set one of ${keys}, or TURBOBACKEND_LLM_BASE_URL and TURBOBACKEND_LLM_MODEL`,
    });
  }
  const { TURBOBACKEND_BUDGET_USD: budgetUsd, TURBOBACKEND_LLM_PRICE: price } = env;
  return {
    choice,
    recordFile: env.TURBOBACKEND_LLM_RECORD,
    budgetUsd: budgetUsd ?? DEFAULT_BUDGET_USD,
    isBudgetSet: budgetUsd !== undefined,
    price,
  };
});

type Environment = z.output<z.ZodObject<typeof VARIABLES>>;

function chooseModel(env: Environment, context: z.RefinementCtx): ModelChoice | undefined {
  if (env.TURBOBACKEND_LLM_REPLAY !== undefined) return { provider: 'recording', file: env.TURBOBACKEND_LLM_REPLAY };
  if (env.TURBOBACKEND_LLM_BASE_URL !== undefined) return chooseServer(env, env.TURBOBACKEND_LLM_BASE_URL, context);
  for (const provider of Object.keys(KEYS) as (keyof typeof KEYS)[]) {
    const apiKey = env[KEYS[provider]];
    if (apiKey) return { provider, apiKey, model: env.TURBOBACKEND_LLM_MODEL };
  }
  return undefined;
}

function chooseServer(env: Environment, baseUrl: string, context: z.RefinementCtx): ModelChoice | undefined {
  const model = env.TURBOBACKEND_LLM_MODEL;
  if (model !== undefined) {
    return { provider: 'openai-compatible', baseUrl, apiKey: env.TURBOBACKEND_LLM_API_KEY, model };
  }
  const message = 'name the model that the server at TURBOBACKEND_LLM_BASE_URL is to be asked for';
  context.addIssue({ code: 'custom', path: ['TURBOBACKEND_LLM_MODEL'], message });
  return undefined;
}
