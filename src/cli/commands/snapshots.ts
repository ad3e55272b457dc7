import type { Command } from 'commander';
import type { Snapshot } from '../../domain/snapshot.ts';
import { askYesNo } from '../ask-yes-no.ts';
import type { CommandContext } from '../command-context.ts';
import { formatTime } from '../render/project.ts';
import { renderTable } from '../render/table.ts';
import type { CommonFlags } from '../screen.ts';
import { canAsk } from '../shell.ts';
import { withCommonFlags, type CommandRunner } from './command-runner.ts';
import { TurboError } from '../../domain/errors.ts';

interface SnapshotFlags extends CommonFlags {
  readonly yes?: boolean | undefined;
}

/** `snapshot create`, `snapshot list`, `snapshot restore` and `snapshot delete`. */
export function addSnapshotCommands(program: Command, runner: CommandRunner): void {
  const snapshot = program
    .command('snapshot')
    .description("keep a copy of a project's database, and bring one back")
    .usage('<create|list|restore|delete> <project> [snapshot]');
  const add = (name: string, what: string, takesOne: boolean, work: Work): void => {
    const command = withCommonFlags(snapshot.command(name)).argument('<project>', 'its name or id');
    if (takesOne)
      command.argument('<snapshot>', 'its id, as `snapshot list` shows it').option('-y, --yes', 'do not ask');
    command.description(what).action((project: string, ...rest: unknown[]) => {
      const [id, flags] = takesOne ? (rest as [string, SnapshotFlags]) : ['', rest[0] as SnapshotFlags];
      return runner.run(runner.screen(flags), { work: name !== 'list' }, (context) =>
        work(context, project, id, flags),
      );
    });
  };
  add('create', 'copy the database as it is now', false, create);
  add('list', 'list what is kept, the newest first', false, list);
  add('restore', 'put the rows of a snapshot in the place of those of now, which are kept as well', true, restore);
  add('delete', 'remove one; the last three stay', true, remove);
}

type Work = (context: CommandContext, project: string, id: string, flags: SnapshotFlags) => Promise<number>;

async function create(context: CommandContext, project: string): Promise<number> {
  const taken = await context.backend.takeSnapshot(project);
  context.result(taken, () => `${taken.id} · ${formatMegabytes(taken)}`);
  return 0;
}

async function list(context: CommandContext, project: string): Promise<number> {
  const snapshots = await context.backend.listSnapshots(project);
  context.result({ snapshots }, () =>
    renderTable(
      ['SNAPSHOT', 'WHEN', 'REVISION', 'SIZE', 'WHY'],
      snapshots.map((snapshot) => [
        snapshot.id,
        formatTime(snapshot.createdAt),
        String(snapshot.revision),
        formatMegabytes(snapshot),
        snapshot.reason.split('\n', 1)[0] ?? '',
      ]),
      context.out,
    ),
  );
  return 0;
}

async function restore(context: CommandContext, project: string, id: string, flags: SnapshotFlags): Promise<number> {
  await agree(context, flags, `Put the rows of ${id} in the place of those of now?`);
  const restored = await context.backend.restoreSnapshot(project, id);
  context.result(restored, () => `Restored ${id}; the rows from before are a snapshot as well.`);
  return 0;
}

async function remove(context: CommandContext, project: string, id: string, flags: SnapshotFlags): Promise<number> {
  await agree(context, flags, `Remove ${id}? Nothing brings it back.`);
  await context.backend.removeSnapshot(project, id);
  context.result({ removed: id }, () => `Removed ${id}`);
  return 0;
}

async function agree(context: CommandContext, { yes }: SnapshotFlags, question: string): Promise<void> {
  if (yes || (canAsk(context.shell) && (await askYesNo(context, question)))) return;
  throw new TurboError('CONFIRMATION_NEEDED', 'Nothing was done', { fix: 'Say that it is meant with --yes.' });
}

function formatMegabytes({ sizeBytes }: Snapshot): string {
  return `${(sizeBytes / 1_000_000).toFixed(1)} MB`;
}
