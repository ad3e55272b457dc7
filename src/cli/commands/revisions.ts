import type { Command } from 'commander';
import type { CommandContext } from '../command-context.ts';
import { readRevision } from '../read-revision.ts';
import { formatTime } from '../render/project.ts';
import { describeRevisionDiff } from '../render/revision-diff.ts';
import { renderTable } from '../render/table.ts';
import type { CommonFlags } from '../screen.ts';
import { LOOKING } from '../with-backend.ts';
import { withCommonFlags, type CommandRunner } from './command-runner.ts';

/** `history` and `diff`. */
export function addRevisionCommands(program: Command, runner: CommandRunner): void {
  withCommonFlags(program.command('history'))
    .argument('<project>', 'its name or id')
    .description('list the revisions of a project')
    .action((project: string, flags: CommonFlags) =>
      runner.run(runner.screen(flags), LOOKING, (context) => history(context, project)),
    );
  withCommonFlags(program.command('diff'))
    .argument('<project>', 'its name or id')
    .argument('[from]', 'the number of a revision; the one before the other when left out')
    .argument('[to]', 'the number of a revision; the newest when left out')
    .description('show what became of files and schema from one revision to another')
    .action((project: string, from: string | undefined, to: string | undefined, flags: CommonFlags) =>
      runner.run(runner.screen(flags), LOOKING, (context) =>
        diff(context, project, { from: readRevision(from, '[from]'), to: readRevision(to, '[to]') }),
      ),
    );
}

async function history(context: CommandContext, project: string): Promise<number> {
  const revisions = await context.backend.revisions(project);
  context.result(revisions, () =>
    renderTable(
      ['REVISION', 'KIND', 'WHEN', 'COMMIT', 'WHAT'],
      revisions.map(({ number, kind, createdAt, commit, prompt }) => [
        String(number),
        kind,
        formatTime(createdAt),
        commit.slice(0, 10),
        prompt.split('\n', 1)[0] ?? '',
      ]),
      context.out,
    ),
  );
  return 0;
}

async function diff(
  context: CommandContext,
  project: string,
  range: { readonly from: number | undefined; readonly to: number | undefined },
): Promise<number> {
  const found = await context.backend.diff(project, range);
  context.result(found, () => describeRevisionDiff(found, context.out));
  return 0;
}
