import { Option, type Command } from 'commander';
import type { Config } from '../../config/config.ts';
import type { RunId } from '../../domain/ids.ts';
import type { RunResult } from '../../domain/run.ts';
import type { CreateRequest } from '../../turbobackend.ts';
import type { CommandContext } from '../command-context.ts';
import { followRun, openProgress } from '../follow-run.ts';
import { readPrompt, readTextFile } from '../read-input.ts';
import { curlLines } from '../render/curl-lines.ts';
import { footer } from '../render/footer.ts';
import type { Progress } from '../render/progress.ts';
import { refuseProjectName } from '../refuse-project-name.ts';
import { exitCodeOf, explain } from '../report-failure.ts';
import type { CommonFlags, Screen } from '../screen.ts';
import { withCommonFlags, type CommandRunner } from './command-runner.ts';

/** The flags that `create` and `plan` share. */
export interface PromptFlags extends CommonFlags {
  readonly file?: string | undefined;
  readonly schema?: string | undefined;
  readonly name?: string | undefined;
  readonly auth?: 'none' | 'password' | undefined;
  readonly access?: readonly string[] | undefined;
  readonly planner?: string | undefined;
  readonly budget?: string | undefined;
  readonly price?: string | undefined;
  readonly record?: string | undefined;
  readonly replay?: string | undefined;
}

/** What the flags say about the model, as the variables that they stand for. */
export function modelSettings({
  planner,
  budget,
  price,
  record,
  replay,
}: PromptFlags): Record<string, string | undefined> {
  return {
    TURBOBACKEND_PLANNER: planner,
    TURBOBACKEND_BUDGET_USD: budget,
    TURBOBACKEND_LLM_PRICE: price,
    TURBOBACKEND_LLM_RECORD: record,
    TURBOBACKEND_LLM_REPLAY: replay,
  };
}

export function addCreateCommand(program: Command, runner: CommandRunner): void {
  withPromptFlags(program.command('create'))
    .description('create a backend from a prompt')
    .option('-q, --quiet', "print the backend's URL and nothing else")
    .action(async (words: readonly string[], flags: PromptFlags) => {
      const screen = runner.screen(flags);
      const request = await readRequest(words, flags, screen);
      const need = { work: true, settings: modelSettings(flags) };
      const isBare = runner.isBarePrompt && flags.file === undefined;
      await runner.run(screen, need, async (context) => {
        if (isBare) await refuseProjectName(context, request.prompt);
        return create(context, request);
      });
    });
}

export function withPromptFlags(command: Command): Command {
  return withCommonFlags(
    command
      .argument('[prompt...]', 'what you need, in a sentence; - reads it from standard input')
      .option('-f, --file <file>', 'read the prompt from a file')
      .option('--schema <file>', 'use the tables of this SQL file')
      .option('--name <name>', "the project's name, otherwise made from the prompt")
      .addOption(
        new Option('--auth <auth>', 'whether people sign in; by the prompt when missing').choices(['none', 'password']),
      )
      .option('--access <rule>', 'who may do what: posts=read:anyone,change:owner (repeatable)', addRule)
      .addOption(new Option('--planner <planner>', 'who plans and codes').choices(['builtin', 'llm']))
      .option('--budget <usd>', 'what the run may spend on a model, US dollars')
      .option('--price <in,out>', "the model's price where no list has it, US dollars per million tokens")
      .option('--record <file>', "append the model's answers to a file")
      .option('--replay <file>', 'answer from such a file instead of a model'),
  );
}

function addRule(rule: string, before: readonly string[] = []): readonly string[] {
  return [...before, rule];
}

export async function readRequest(
  words: readonly string[],
  flags: PromptFlags,
  { shell }: Screen,
): Promise<CreateRequest> {
  return {
    prompt: await readPrompt({ words, ...flags }, shell),
    schemaSql: flags.schema === undefined ? undefined : await readTextFile(flags.schema, '--schema'),
    name: flags.name,
    ...(flags.auth !== undefined && { auth: flags.auth }),
    ...(flags.access !== undefined && { access: flags.access }),
  };
}

async function create(context: CommandContext, request: CreateRequest): Promise<number> {
  const { runId, name } = await context.backend.submit(request);
  const progress = openProgress(context, {
    doing: `creating ${name}`,
    facts: factsOf(context.config),
    hint: 'Ctrl-C cancels and undoes',
  });
  const result = await carry(context, runId, progress);
  if (!context.json) await tellEnd(context, result);
  return exitCodeOf(result);
}

function factsOf({ planner, cluster, placement }: Config): readonly string[] {
  return [
    `planner: ${planner === 'builtin' ? 'built-in' : planner}`,
    `database: ${cluster.kind === 'embedded' ? 'embedded' : `${cluster.host}:${cluster.port}`}`,
    `deploy: ${placement.deploy}`,
  ];
}

/** Follows the run to its end. The first Ctrl-C cancels it, and its undo is followed as well. */
async function carry(context: CommandContext, runId: RunId, progress: Progress): Promise<RunResult> {
  const cancel = (): void => {
    progress.note('Cancelling and taking back what was made. Ctrl-C again leaves at once.');
    context.backend.cancel(runId).catch((error: unknown) => {
      progress.note(`Could not cancel: ${error instanceof Error ? error.message : String(error)}`);
    });
  };
  const park = (): void => {
    progress.note('Let go of the run: the next turbobackend command or a worker carries it on.');
  };
  const leave = (): void => {
    progress.note('Left at once: the next turbobackend command takes back what the run had made.');
  };
  return context.interrupts.whileCarrying({ cancel, park, leave }, () => followRun(context, runId, progress));
}

/** The end of a run that was followed, in words: the result on stdout, a failure on stderr. */
export async function tellEnd(context: CommandContext, result: RunResult): Promise<void> {
  if (result.status === 'succeeded') {
    context.print(context.quiet ? result.url : await footerOf(context, result));
  } else if (result.status === 'cancelled') {
    context.note(`\n${context.err.paint('yellow', context.err.marks.warned)} Cancelled; nothing was kept.`);
  } else {
    context.note('');
    explain(result.error ?? { code: '', message: 'The run failed', fix: '' }, context);
    context.note(
      `  ${context.err.paint('dim', `${context.command} run show ${result.runId} tells all that happened`)}`,
    );
  }
}

async function footerOf(context: CommandContext, result: RunResult): Promise<string> {
  const { projectId } = result;
  // The result says neither where the database is nor what can be called. A footer without beats a failure after a success.
  const [details, document, readme] = await Promise.all([
    context.backend.show(projectId).catch(() => undefined),
    context.backend.openapi(projectId).catch(() => ({})),
    context.backend.source(projectId, 'README.md').catch(() => undefined),
  ]);
  return footer(result, {
    style: context.out,
    command: context.command,
    home: context.shell.environment['HOME'],
    database: details?.database,
    calls: curlLines(document, readme?.kind === 'file' ? readme.content : '', result.url),
  });
}
