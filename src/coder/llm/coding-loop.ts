import { toolCallsOf, textOf, type LanguageModel, type ToolCall, type ToolResult } from '../../llm/language-model.ts';
import type { CodingRequest } from '../coder.ts';
import { countOf } from '../../domain/count-of.ts';
import { changeTree, type SourceTree } from '../source-tree.ts';
import { askModel, type Asked } from './ask-model.ts';
import { checkGates, type GateCheck } from './check-gates.ts';
import type { CodingLimits } from './coding-limits.ts';
import { Conversation } from './conversation.ts';
import { brief } from '../model-text.ts';
import { codingPrompt, codingRequest } from './prompts/coding-prompt.ts';
import { StallWatch } from './stall-watch.ts';
import { applyCalls, type AppliedCalls } from './tools/apply-calls.ts';
import { toolsFor } from './tools/tool-definitions.ts';

export interface LoopTask extends CodingRequest {
  readonly model: LanguageModel;
  readonly limits: CodingLimits;
  readonly scaffold: SourceTree;
  /** Whether the model gets a shell, and whether even where nothing keeps it apart. */
  readonly commands: boolean;
  readonly allowUnsafe: boolean;
}

export interface LoopEnd {
  /** The files that passed the gates last; the scaffold's when nothing else did. */
  readonly tree: SourceTree;
  readonly turns: number;
  /** The model's own, when it came to an end. */
  readonly summary: string | undefined;
  /** Why it was stopped before. */
  readonly stopped: string | undefined;
  /** The copy of the database that is left to be dropped. */
  readonly copyName: string | undefined;
}

type TurnEnd = Pick<LoopEnd, 'summary' | 'stopped'> | undefined;

const FINISH = 'finish';
const MOST_UNUSABLE = 2;

/**
 * A model at work, turn by turn. Each call of the model is a step of its own, as is what its tools do and what the gates
 * say; all that is kept here is made of their results, so that a replay comes to the same place without asking again.
 */
export class CodingLoop {
  readonly #task: LoopTask;
  readonly #conversation: Conversation;
  readonly #watch = new StallWatch();
  readonly #spent = { tokens: 0, durationMs: 0 };
  #tree: SourceTree;
  #passing: SourceTree;
  #copyName: string | undefined;
  #unusable = 0;

  constructor(task: LoopTask) {
    this.#task = task;
    this.#tree = task.scaffold;
    this.#passing = task.scaffold;
    this.#conversation = new Conversation(codingRequest(task.blueprint.prompt));
  }

  async run(): Promise<LoopEnd> {
    for (let turn = 1; ; turn += 1) {
      const limit = this.#limitReached(turn);
      const end = limit === undefined ? await this.#takeTurn(turn) : { summary: undefined, stopped: limit };
      if (!end) continue;
      if (end.stopped !== undefined) await this.#checkWhatIsLeft();
      const turns = limit === undefined ? turn : turn - 1;
      return { ...end, tree: this.#passing, turns, copyName: this.#copyName };
    }
  }

  #limitReached(turn: number): string | undefined {
    const { turns, tokens, minutes } = this.#task.limits;
    if (turn > turns) return `its ${countOf(turns, 'turn')} were used up`;
    if (this.#spent.tokens >= tokens) return `its ${countOf(tokens, 'token')} were used up`;
    return this.#spent.durationMs >= minutes * 60_000 ? `its ${countOf(minutes, 'minute')} were used up` : undefined;
  }

  async #takeTurn(turn: number): Promise<TurnEnd> {
    const asked = await this.#ask(turn);
    if ('failure' in asked) return this.#afterFailure(asked.failure);
    const { message, usage } = asked.turn;
    this.#unusable = 0;
    this.#spend(usage.durationMs, usage.tokensIn + usage.tokensOut);
    this.#conversation.addAnswer(message);

    const calls = toolCallsOf(message);
    const work = calls.filter(({ name }) => name !== FINISH);
    const again = this.#watch.sawCalls(work, this.#tree);
    if (again) return stopped(`it made the same call in three turns without changing anything: ${inWords(again)}`);
    const results = work.length === 0 ? [] : await this.#apply(turn, work);
    const finish = calls.find(({ name }) => name === FINISH);
    if (!finish && calls.length > 0) return this.#goOn(results);
    return this.#finish(turn, calls, results, finish ? finish.input?.['summary'] : textOf(message));
  }

  /** A conversation that is too long is shortened once per turn. */
  async #ask(turn: number): Promise<Asked> {
    const asked = await this.#askStep(`code:${turn}:ask`);
    const tooLong = 'failure' in asked && asked.failure.code === 'MODEL_INPUT_TOO_LONG';
    return tooLong && this.#conversation.prune() ? this.#askStep(`code:${turn}:ask-pruned`) : asked;
  }

  #askStep(name: string): Promise<Asked> {
    const { steps, model, blueprint, scaffold, commands, workshop } = this.#task;
    const { messages } = this.#conversation;
    return steps.step(name, (signal) =>
      askModel(model, {
        purpose: 'code',
        system: codingPrompt(blueprint, scaffold),
        messages,
        tools: toolsFor({ commands, database: workshop.database !== undefined }),
        maxOutputTokens: 16_000,
        effort: 'medium',
        cacheKey: steps.runId,
        timeoutMs: 240_000,
        signal,
      }),
    );
  }

  /** What was cut off or empty may be said otherwise; anything else stays as it is. */
  #afterFailure({ code, message }: Extract<Asked, { failure: unknown }>['failure']): TurnEnd {
    this.#unusable += 1;
    if (code !== 'MODEL_ANSWER_UNUSABLE' || this.#unusable > MOST_UNUSABLE) return stopped(message);
    this.#conversation.addRemark(
      'Your last answer was cut off or empty, and nothing of it was done. Go on in smaller parts: one file per turn.',
    );
    return undefined;
  }

  async #apply(turn: number, calls: readonly ToolCall[]): Promise<readonly ToolResult[]> {
    const { steps, workshop, scaffold, commands, allowUnsafe } = this.#task;
    const [tree, copyName] = [this.#tree, this.#copyName];
    const applied: AppliedCalls = await steps.step(`code:${turn}:tools`, async (signal) => {
      const sandbox = await workshop.openSandbox();
      const { database } = workshop;
      return applyCalls(calls, { sandbox, database, tree, scaffold, copyName, offered: commands, allowUnsafe, signal });
    });
    this.#tree = changeTree(this.#tree, applied.changes);
    this.#copyName = applied.copyName ?? undefined;
    this.#spend(applied.durationMs);
    if (applied.told.length > 0) await this.#task.report(brief(`Turn ${turn}: ${applied.told.join(' · ')}`, 600));
    for (const attempt of applied.refused) await this.#task.report(brief(`Refused: ${attempt}`, 400));
    return applied.results;
  }

  #goOn(results: readonly ToolResult[]): undefined {
    this.#conversation.addResults(results);
  }

  async #finish(
    turn: number,
    calls: readonly ToolCall[],
    results: readonly ToolResult[],
    summary: unknown,
  ): Promise<TurnEnd> {
    const check = await this.#check(`code:${turn}:check`);
    await this.#task.report(brief(`Turn ${turn}: finish → ${check.summary}`, 600));
    if (check.passed) return { summary: typeof summary === 'string' ? summary : '', stopped: undefined };
    if (this.#watch.sawFailure(check.signature)) {
      return stopped(`the gates failed three times in the same way: ${check.summary}`);
    }
    const report = `Not done yet, the gates failed:\n${check.report}`;
    const finishes = calls.filter(({ name }) => name === FINISH);
    if (finishes.length === 0) this.#conversation.addRemark(report);
    else {
      const answers = finishes.map(({ id, name }) => ({ callId: id, name, output: report, failed: true }));
      this.#conversation.addResults([...results, ...answers]);
    }
    return undefined;
  }

  async #check(name: string): Promise<GateCheck> {
    const { steps, workshop, blueprint } = this.#task;
    const tree = this.#tree;
    const check = await steps.step(name, (signal) => checkGates(workshop, tree, blueprint.schema, signal));
    this.#spend(check.durationMs);
    this.#tree = changeTree(this.#tree, check.changes);
    if (check.passed) this.#passing = this.#tree;
    return check;
  }

  /** A model that was stopped may have been done but for saying so. */
  async #checkWhatIsLeft(): Promise<void> {
    if (this.#tree === this.#passing) return;
    const check = await this.#check('code:last:check');
    await this.#task.report(brief(`What was written by then: ${check.summary}`, 600));
  }

  #spend(durationMs: number, tokens = 0): void {
    this.#spent.durationMs += durationMs;
    this.#spent.tokens += tokens;
  }
}

function stopped(reason: string): TurnEnd {
  return { summary: undefined, stopped: brief(reason, 500) };
}

function inWords({ name, input }: ToolCall): string {
  return brief(`${name} ${JSON.stringify(input ?? {})}`, 120);
}
