import type { Command } from 'commander';
import type { ChangePlan } from '../../domain/change-plan.ts';
import { TurboError } from '../../domain/errors.ts';
import type { ChangeRequest } from '../../turbobackend.ts';
import { askYesNo } from '../ask-yes-no.ts';
import type { CommandContext } from '../command-context.ts';
import { followRun, openProgress } from '../follow-run.ts';
import { readFolder } from '../read-folder.ts';
import { readTextFile, readWordsOrStdin } from '../read-input.ts';
import { readRevision } from '../read-revision.ts';
import { describeChangePlan } from '../render/change-plan.ts';
import { exitCodeOf } from '../report-failure.ts';
import type { CommonFlags } from '../screen.ts';
import { canAsk } from '../shell.ts';
import { withCommonFlags, type CommandRunner } from './command-runner.ts';
import { tellEnd } from './create.ts';

interface ChangeFlags extends CommonFlags {
  readonly sql?: string | undefined;
  readonly schema?: string | undefined;
  readonly rename?: readonly string[] | undefined;
  readonly planOnly?: boolean | undefined;
  readonly yes?: boolean | undefined;
  readonly acceptDataLoss?: string | undefined;
  readonly to?: string | undefined;
}

/** `change`, `apply`, `deploy` and `undo`. */
export function addChangeCommands(program: Command, runner: CommandRunner): void {
  const run = (flags: CommonFlags, work: (context: CommandContext) => Promise<number>): Promise<void> =>
    runner.run(runner.screen(flags), { work: true }, work);
  withPlanFlags(program.command('change'))
    .argument('<project>', 'its name or id')
    .argument('[sentence...]', 'what is to change, in a sentence')
    .option('--sql <file>', 'the statements of this file')
    .option('--schema <file>', 'what leads to the schema of this file: SQL, Prisma, DBML …')
    .option(
      '--rename <old=new>',
      'with --schema, what has another name there, again for each: posts=articles, posts.title=headline',
      (text: string, earlier: readonly string[] | undefined) => [...(earlier ?? []), text],
    )
    .description('change a backend that exists: schema, code and data')
    .action((project: string, words: readonly string[], flags: ChangeFlags) =>
      run(flags, async (context) => carryOut(context, project, await readChange(context, words, flags), flags)),
    );
  withPlanFlags(program.command('deploy'))
    .argument('<project>', 'its name or id')
    .argument('[folder]', "source in place of the project's folder and repository")
    .description('check and deploy the source as you have changed it')
    .action((project: string, folder: string | undefined, flags: ChangeFlags) =>
      run(flags, async (context) => {
        const files = folder === undefined ? undefined : await readFolder(folder);
        return carryOut(context, project, { kind: 'deploy', files }, flags);
      }),
    );
  withPlanFlags(program.command('undo'))
    .argument('<project>', 'its name or id')
    .option('--to <revision>', 'the revision to go back to; the one before when left out')
    .description('go back to an earlier revision: code, schema and data')
    .action((project: string, flags: ChangeFlags) =>
      run(flags, (context) => carryOut(context, project, { kind: 'undo', to: readRevision(flags.to, '--to') }, flags)),
    );
  withCommonFlags(program.command('apply'))
    .argument('<plan>', 'its id')
    .option('--accept-data-loss <plan>', 'say that data may go out of reach, with the id of the plan')
    .option('-q, --quiet', "print the backend's URL and nothing else")
    .description('carry out a plan that was made with --plan-only')
    .action((planId: string, flags: ChangeFlags) => run(flags, (context) => apply(context, planId, flags)));
}

function withPlanFlags(command: Command): Command {
  return withCommonFlags(command)
    .option('--plan-only', 'show what would be done; nothing is')
    .option('-y, --yes', 'do it without asking')
    .option('--accept-data-loss <plan>', 'say that data may go out of reach, with the id of the plan')
    .option('-q, --quiet', "print the backend's URL and nothing else");
}

async function readChange(
  { shell }: CommandContext,
  words: readonly string[],
  { sql, schema, rename = [] }: ChangeFlags,
): Promise<ChangeRequest> {
  if (rename.length > 0 && schema === undefined)
    throw new TurboError('USAGE', '--rename says what has another name in the file of --schema', {
      fix: 'Pass --schema file, or say it in a sentence: "rename title to headline in posts".',
    });
  const text = sql === undefined ? undefined : await readTextFile(sql, '--sql');
  const targetSchema = schema === undefined ? undefined : await readTextFile(schema, '--schema');
  const isGiven = text !== undefined || targetSchema !== undefined;
  const prompt = isGiven ? words.join(' ') : await readWordsOrStdin(words, shell);
  if (prompt !== undefined) return { kind: 'change', prompt, sql: text, targetSchema, renames: rename.map(readRename) };
  throw new TurboError('USAGE', 'There is nothing to change', {
    fix: 'Say it in a sentence: turbobackend change blog "add a phone number to users", or pass --sql file or --schema file.',
  });
}

function readRename(text: string): { readonly from: string; readonly to: string } {
  const [from = '', to = '', ...more] = text.split('=').map((name) => name.trim());
  if (from !== '' && to !== '' && more.length === 0) return { from, to };
  throw new TurboError('USAGE', `--rename takes old=new, not "${text}"`, {
    fix: 'A table or a column: --rename posts=articles --rename posts.title=headline.',
  });
}

async function carryOut(
  context: CommandContext,
  project: string,
  request: ChangeRequest,
  flags: ChangeFlags,
): Promise<number> {
  const plan = await planAsMeant(context, project, request, flags);
  if (flags.planOnly) {
    context.result(plan, () => describeChangePlan(plan, context));
    return 0;
  }
  if (!context.json) context.note(describeChangePlan(plan, context));
  await agree(context, plan, flags);
  return apply(context, plan.planId, { ...flags, acceptDataLoss: flags.acceptDataLoss });
}

/** What may be a renaming is asked for, where somebody can be asked. */
async function planAsMeant(
  context: CommandContext,
  project: string,
  request: ChangeRequest,
  { yes }: ChangeFlags,
): Promise<ChangePlan> {
  const plan = await context.backend.planChange(project, request);
  if (request.kind !== 'change' || yes || context.json || !canAsk(context.shell)) return plan;
  const meant = [];
  for (const rename of plan.possibleRenames ?? [])
    if (await askYesNo(context, `Is ${rename.to} what ${rename.from} is called from now on?`)) meant.push(rename);
  if (meant.length === 0) return plan;
  return context.backend.planChange(project, { ...request, renames: [...(request.renames ?? []), ...meant] });
}

/** Before a terminal a plan is asked about; elsewhere it is carried out, unless it needs a person's word. */
async function agree(context: CommandContext, plan: ChangePlan, { yes, acceptDataLoss }: ChangeFlags): Promise<void> {
  if (plan.needsConsent && acceptDataLoss !== plan.planId) throw consentNeeded(context, plan);
  if (yes || plan.needsConsent || !canAsk(context.shell)) return;
  if (await askYesNo(context, 'Carry it out?')) return;
  throw new TurboError('CONFIRMATION_NEEDED', 'Nothing was changed', {
    fix: `${context.command} apply ${plan.planId} carries the plan out.`,
  });
}

function consentNeeded({ command }: CommandContext, { planId, statements }: ChangePlan): TurboError {
  const losing = statements.filter(({ risk }) => risk === 'loses-data').map(({ sql }) => sql);
  return new TurboError('CONFIRMATION_NEEDED', `The plan takes data out of reach: ${losing.join('; ')}`, {
    fix: `If that is meant: ${command} apply ${planId} --accept-data-loss ${planId}`,
  });
}

async function apply(context: CommandContext, planId: string, { acceptDataLoss }: ChangeFlags): Promise<number> {
  const { runId, name } = await context.backend.applyPlan(planId, { acceptDataLoss });
  const progress = openProgress(context, {
    doing: `changing ${name}`,
    facts: [planId],
    hint: 'Ctrl-C cancels and takes back',
  });
  const cancel = (): void => {
    progress.note('Cancelling and taking back what was done. Ctrl-C again leaves at once.');
    context.backend.cancel(runId).catch(() => undefined);
  };
  const leave = (): void =>
    progress.note('Let go of the run: the next turbobackend command or a worker carries it on.');
  const result = await context.interrupts.whileCarrying({ cancel, park: leave, leave }, () =>
    followRun(context, runId, progress),
  );
  if (!context.json) await tellEnd(context, result);
  return exitCodeOf(result);
}
