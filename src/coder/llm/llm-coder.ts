import type { Missing } from '../../domain/run.ts';
import type { LanguageModel } from '../../llm/language-model.ts';
import { scaffoldBackend } from '../../scaffold/scaffold.ts';
import type { IsolationTier, Sandbox } from '../../sandbox/sandbox.ts';
import { failAs } from '../../domain/fail-as.ts';
import { codingOf, type Coder, type CodingRequest, type WrittenCode } from '../coder.ts';
import { writeTree, type SourceTree } from '../source-tree.ts';
import { scaffoldSummary } from '../template-coder.ts';
import { DEFAULT_LIMITS, type CodingLimits } from './coding-limits.ts';
import { CodingLoop, type LoopEnd } from './coding-loop.ts';
import { brief } from '../model-text.ts';

export interface LlmCoderOptions {
  readonly limits?: Partial<CodingLimits> | undefined;
  /** Gives the model a shell even where nothing keeps it apart from the user's files. Only ever by the user's own word. */
  readonly allowUnsafe?: boolean | undefined;
}

/**
 * Writes the scaffold, so that there is a backend that works, and has a model add what the prompt asks for beyond it.
 * Whatever becomes of the model, what is left is the last state that passed the gates. One instance serves one run:
 * what its calls cost goes to the ledger and the budget that the model was opened with.
 */
export class LlmCoder implements Coder {
  readonly writesUntrusted = true;
  readonly #model: LanguageModel;
  readonly #options: LlmCoderOptions;

  constructor(model: LanguageModel, options: LlmCoderOptions = {}) {
    this.#model = model;
    this.#options = options;
  }

  async write(request: CodingRequest): Promise<WrittenCode> {
    const { blueprint, steps, workshop } = request;
    const { limits, allowUnsafe = false } = this.#options;
    const failing = codingOf(blueprint, steps.signal);
    // Made anew on replay: the same blueprint gives the same bytes, and a checkpoint need not hold them.
    const files = await failAs(failing, () => scaffoldBackend(blueprint));
    const scaffold: SourceTree = new Map(files.map(({ path, content }) => [path, content]));
    const { tier } = await steps.step('code:scaffold', () => failAs(failing, () => begin(workshop, scaffold)));
    const commands = tier !== 'none' || allowUnsafe;
    await request.report(
      `The backend works; ${this.#model.model} goes on from here${commands ? '' : ', without a shell'}`,
    );

    const end = await new CodingLoop({
      ...request,
      model: this.#model,
      limits: { ...DEFAULT_LIMITS, ...limits },
      scaffold,
      commands,
      allowUnsafe,
    }).run();
    await steps.step('code:settle', () => settle(workshop, end));
    return {
      summary: summaryOf(request, end),
      fileCount: end.tree.size,
      missing: missingOf(end, scaffold),
      warnings: warningsOf(end, scaffold),
    };
  }
}

async function begin(
  workshop: CodingRequest['workshop'],
  scaffold: SourceTree,
): Promise<{ readonly tier: IsolationTier }> {
  const sandbox = await workshop.openSandbox();
  await writeTree(sandbox, scaffold);
  return { tier: await tierOf(sandbox) };
}

async function tierOf({ untrusted }: Sandbox): Promise<IsolationTier> {
  return untrusted ? (await untrusted.isolation()).tier : 'none';
}

/** Leaves what passed, and nothing that was only for trying it. */
async function settle(workshop: CodingRequest['workshop'], { tree, copyName }: LoopEnd): Promise<null> {
  await writeTree(await workshop.openSandbox(), tree);
  // A copy that cannot be dropped now is found by the cluster's sweep when the run has ended.
  if (copyName !== undefined) await workshop.database?.drop(copyName).catch(() => undefined);
  return null;
}

function summaryOf({ blueprint }: CodingRequest, { tree, turns, summary }: LoopEnd): string {
  const said = summary ? `: ${brief(summary, 300)}` : '';
  return `${scaffoldSummary(blueprint, tree.size)} · ${turns} turns${said}`;
}

function missingOf({ tree, stopped }: LoopEnd, scaffold: SourceTree): Missing[] {
  const unwritten = [...tree].filter(([path, content]) => path.startsWith('src/endpoints/') && isUnwritten(content));
  const kept =
    ownFiles(tree, scaffold).length === 0
      ? 'the generated backend is kept as it was'
      : 'what passed the gates last is kept';
  const fix = 'Run the prompt again, with a larger --budget or another model in TURBOBACKEND_LLM_MODEL.';
  const names = unwritten.map(([path]) => path).join(', ');
  return [
    ...(stopped === undefined ? [] : [{ what: `The model did not come to an end: ${stopped}; ${kept}`, fix }]),
    ...(unwritten.length === 0
      ? []
      : [{ what: `${names}: checks its input and answers 501, as nobody wrote what it does`, fix }]),
  ];
}

function warningsOf({ tree }: LoopEnd, scaffold: SourceTree): string[] {
  const tests = ownFiles(tree, scaffold).filter((path) => path.startsWith('test/') && scaffold.has(path));
  return tests.length === 0 ? [] : [`The model changed tests that came with the backend: ${tests.join(', ')}`];
}

/** What the model has written or changed. */
function ownFiles(tree: SourceTree, scaffold: SourceTree): string[] {
  return [...tree].filter(([path, content]) => scaffold.get(path) !== content).map(([path]) => path);
}

function isUnwritten(content: string): boolean {
  return content.includes('new Problem(501');
}
