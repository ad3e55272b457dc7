import type { Command } from 'commander';
import type { DesignReason, ProposedColumn } from '../../domain/schema-design.ts';
import type { Plan, PlanRequest } from '../../turbobackend.ts';
import type { CommandContext } from '../command-context.ts';
import { accessTable } from '../render/access-table.ts';
import { oneLine, padEnd, textWidth } from '../render/text.ts';
import { modelSettings, readRequest, withPromptFlags, type PromptFlags } from './create.ts';
import type { CommandRunner } from './command-runner.ts';

export function addPlanCommand(program: Command, runner: CommandRunner): void {
  withPromptFlags(program.command('plan'))
    .description('design the database of a prompt; nothing is made')
    .option('-q, --quiet', 'print the SQL and nothing else')
    .option('--explain', 'say why each table, column and key is there')
    .action(async (words: readonly string[], flags: PromptFlags & { readonly explain?: boolean }) => {
      const screen = runner.screen(flags);
      const request = await readRequest(words, flags, screen);
      const need = { work: false, settings: modelSettings(flags) };
      await runner.run(screen, need, (context) => printPlan(context, request, flags.explain ?? false));
    });
}

async function printPlan(context: CommandContext, request: PlanRequest, isExplained: boolean): Promise<number> {
  const answer = await context.backend.plan(request, context.interrupts.signal);
  context.result(answer, () => (context.quiet ? sqlOf(answer) : describePlan(answer, context, isExplained)));
  if (!context.json && !context.quiet) tellWarnings(answer, context);
  return 0;
}

function sqlOf(plan: Plan): string {
  return plan.ddl.map((statement) => `${statement};\n`).join('\n');
}

function describePlan(plan: Plan, { out }: CommandContext, isExplained: boolean): string {
  const planner = plan.planner === 'builtin' ? 'built-in' : plan.planner;
  const heading = plan.needsDatabase ? 'Needs a database' : 'Needs no database';
  return [
    `${out.paint('bold', heading)}  ${out.paint('dim', `planner: ${planner}`)}`,
    oneLine(plan.reasoning),
    ...(plan.design === 'guess'
      ? [out.paint('yellow', 'This design is a guess: what was not clear stands below it.')]
      : []),
    ...(plan.schema?.tables ?? []).flatMap((table) => [
      '',
      out.paint('bold', table.tableName),
      ...describeColumns(table.columns).map((line) => `  ${line}`),
      ...(isExplained ? describeReasons(plan.reasons.filter((reason) => reason.table === table.tableName)) : []),
    ]),
    ...describeAccess(plan, out),
  ].join('\n');
}

function describeAccess({ access }: Plan, out: CommandContext['out']): readonly string[] {
  if (access === null) return [];
  if (access.auth === 'none') {
    return ['', out.paint('dim', 'Everybody may do everything: say who signs up, or --auth password, for accounts.')];
  }
  return ['', out.paint('bold', 'Who may do what'), accessTable(access, out)];
}

function describeColumns(columns: readonly ProposedColumn[]): readonly string[] {
  const nameWidth = Math.max(0, ...columns.map(({ name }) => textWidth(name)));
  const typeWidth = Math.max(0, ...columns.map(({ type }) => textWidth(type)));
  return columns.map(({ name, type, constraints }) =>
    `${padEnd(name, nameWidth)}  ${padEnd(type, typeWidth)}  ${oneLine(constraints)}`.trimEnd(),
  );
}

function describeReasons(reasons: readonly DesignReason[]): string[] {
  const width = Math.max(0, ...reasons.map(({ column = '' }) => textWidth(column)));
  return reasons.map(({ column, because }) =>
    column === undefined ? `  why: ${oneLine(because)}` : `  ${padEnd(column, width)}  ${oneLine(because)}`,
  );
}

function tellWarnings(plan: Plan, { note, err, command }: CommandContext): void {
  if (plan.warnings.length > 0) note('');
  for (const warning of plan.warnings) note(`${err.paint('yellow', err.marks.warned)} ${oneLine(warning)}`);
  for (const question of plan.questions) note(`${err.paint('yellow', '?')} ${oneLine(question)}`);
  note(
    `\n${err.paint('dim', `Nothing was made. The same words with "${command} create" make it; --quiet prints the SQL.`)}`,
  );
}
