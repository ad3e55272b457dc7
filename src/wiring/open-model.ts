import type { Pool } from 'pg';
import type { Config } from '../config/config.ts';
import type { SchemaProposal } from '../domain/schema-design.ts';
import type { RunId } from '../domain/ids.ts';
import type { Secret } from '../domain/secret.ts';
import type { CallLedger, LanguageModel } from '../llm/language-model.ts';
import type { RunPorts } from '../pipeline/run-context.ts';
import type { Planner } from '../planner/planner.ts';
import type { PlanPlanner } from '../use-cases/plan-backend.ts';

/** The ports of one run: with a model, its planner and its coder keep what they ask and pay in the run's ledger. */
export async function withModel(runId: RunId, config: Config, pool: Pool, ports: RunPorts): Promise<RunPorts> {
  if (!config.model.choice) return ports;
  const { sumKnownCosts } = await import('../store/message-costs.ts');
  const { storedLedger } = await import('../pipeline/stored-ledger.ts');
  const model = await openModel(config, storedLedger(pool, runId), await sumKnownCosts(pool, runId));
  const { LlmPlanner } = await import('../planner/llm/llm-planner.ts');
  const { LlmCoder } = await import('../coder/llm/llm-coder.ts');
  return { ...ports, planner: new LlmPlanner(model), coder: new LlmCoder(model), secondOpinion: ports.planner };
}

/** A plan belongs to no run: its calls are counted while it is made, and kept nowhere. */
export async function openPlanPlanner(config: Config): Promise<PlanPlanner> {
  if (!config.model.choice) return { planner: await openBuiltinPlanner(), costUsd: () => 0 };
  const costs: (number | undefined)[] = [];
  const ledger: CallLedger = {
    find: () => Promise.resolve(undefined),
    keep: async ({ answer }) => void costs.push(answer.usage.costUsd),
  };
  const { LlmPlanner } = await import('../planner/llm/llm-planner.ts');
  return {
    planner: new LlmPlanner(await openModel(config, ledger, 0)),
    costUsd: () =>
      costs.reduce<number | null>((sum, cost) => (sum === null || cost === undefined ? null : sum + cost), 0),
  };
}

/** The chosen model within what is left of the budget; its answers are recorded or replayed where that is asked for. */
async function openModel({ model }: Config, ledger: CallLedger, spentUsd: number): Promise<LanguageModel> {
  const { Budget, DEFAULT_MODELS, openLanguageModel, recordingModel, replayingModel, withLedger } =
    await import('../llm/language-model.ts');
  const { choice, recordFile, budgetUsd, isBudgetSet, price } = model;
  if (!choice) throw new Error('No model is chosen');
  if (choice.provider === 'recording') return withLedger(await replayingModel(choice.file), ledger);
  const settings =
    choice.provider === 'openai-compatible'
      ? choice
      : { ...choice, model: choice.model ?? DEFAULT_MODELS[choice.provider] };
  const opened = await openLanguageModel(settings, {
    budget: new Budget({ capUsd: budgetUsd, spentUsd }),
    price,
    needsPrice: isBudgetSet,
  });
  return withLedger(recordFile === undefined ? opened : recordingModel(opened, recordFile), ledger);
}

export function modelKeys({ model: { choice } }: Config): readonly Secret[] {
  return choice && 'apiKey' in choice && choice.apiKey ? [choice.apiKey] : [];
}

/** Loaded when a schema in a notation of its own is given. */
export async function readNotation(text: string): Promise<SchemaProposal | undefined> {
  const builtin = await import('../planner/builtin/builtin-planner.ts');
  return builtin.readNotation(text);
}

export async function openBuiltinPlanner(): Promise<Planner> {
  const { BuiltinPlanner } = await import('../planner/builtin/builtin-planner.ts');
  return new BuiltinPlanner();
}
