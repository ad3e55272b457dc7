import type { Command } from 'commander';
import { FAILURES } from '../../domain/errors.ts';
import type { Diagnosis, Leftover } from '../../turbobackend.ts';
import type { CommandContext } from '../command-context.ts';
import { oneLine, padEnd, wrap } from '../render/text.ts';
import type { CommonFlags } from '../screen.ts';
import { withCommonFlags, type CommandRunner } from './command-runner.ts';

const LEAST_WIDTH = 30;
/** Of a line of `doctor` where there is no terminal to say. */
const MOST_WIDTH = 120;

/** `doctor`, `up` and `down`. */
export function addPlatformCommands(program: Command, runner: CommandRunner): void {
  withCommonFlags(program.command('doctor'))
    .description('check the machine, and say how to mend what is amiss')
    .option('--sweep', 'show what runs that failed left at a provider or here')
    .option('--yes', 'with --sweep: remove it')
    .action((flags: DoctorFlags) =>
      runner.run(runner.screen(flags), { work: false }, (context) =>
        flags.sweep ? sweep(context, flags.yes ?? false) : doctor(context),
      ),
    );
  withCommonFlags(program.command('up'))
    .description('start all backends that should run, and Postgres')
    .action((flags: CommonFlags) => runner.run(runner.screen(flags), { work: true }, up));
  withCommonFlags(program.command('down'))
    .description('stop all backends and Postgres; data stays')
    .action((flags: CommonFlags) => runner.run(runner.screen(flags), { work: false }, down));
}

interface DoctorFlags extends CommonFlags {
  readonly sweep?: boolean;
  readonly yes?: boolean;
}

async function sweep({ backend, result }: CommandContext, remove: boolean): Promise<number> {
  const leftovers = remove ? await backend.sweepLeftovers() : await backend.findLeftovers();
  result({ leftovers, removed: remove }, () => describeLeftovers(leftovers, remove));
  return 0;
}

function describeLeftovers(leftovers: readonly Leftover[], removed: boolean): string {
  if (leftovers.length === 0) return 'Nothing is left over';
  const lines = leftovers.map(({ kind, place, projectId, project, removable }) => {
    const whose = project ? `${project.name}, ${project.status}` : 'unknown here, so it is left alone';
    const doing = removed ? 'removed ' : removable ? 'would remove ' : '';
    return `${doing}${kind} at ${place} of ${projectId} (${whose})`;
  });
  const more = !removed && leftovers.some(({ removable }) => removable) ? ['`doctor --sweep --yes` removes it.'] : [];
  return [...lines, ...more].join('\n');
}

async function doctor(context: CommandContext): Promise<number> {
  const diagnoses = await context.backend.doctor();
  context.result({ diagnoses }, () => describeDiagnoses(diagnoses, context));
  return diagnoses.some(({ status }) => status === 'failed') ? FAILURES.CONFIG_INVALID.exitCode : 0;
}

function describeDiagnoses(diagnoses: readonly Diagnosis[], { out, shell }: CommandContext): string {
  const { paint, marks } = out;
  const indent = 4 + Math.max(0, ...diagnoses.map(({ subject }) => subject.length));
  const width = Math.max(LEAST_WIDTH, (shell.stdout.columns ?? MOST_WIDTH) - indent - 1);
  const signs = {
    ok: paint('green', marks.ok),
    warning: paint('yellow', marks.warned),
    failed: paint('red', marks.failed),
  };
  return diagnoses
    .map(({ subject, status, finding, fix }) => {
      const lines = [
        ...wrap(oneLine(inShort(finding)), width),
        ...(fix === undefined ? [] : wrap(`fix: ${oneLine(fix)}`, width)),
      ];
      return `${signs[status]} ${padEnd(subject, indent - 2)}${lines.join(`\n${' '.repeat(indent)}`)}`;
    })
    .join('\n');
}

const MOST_PARTS = 4;

/** Of a long list of guarantees the first, and how strong they are: nobody reads twenty of them to learn that all is well. */
function inShort(finding: string): string {
  const parts = finding.split(' · ');
  if (parts.length <= MOST_PARTS) return finding;
  const kept = parts.filter((part, index) => index === 0 || /\btier\b/.test(part));
  return [...kept, `${parts.length - kept.length} more with --json`].join(' · ');
}

/** What cannot be started is no reason to leave the others down, but the command has not done what it was asked. */
async function up(context: CommandContext): Promise<number> {
  const backends = await context.backend.up();
  context.result({ backends }, () =>
    backends.length === 0
      ? 'Everything that should run does'
      : backends.map(({ name, url, problem }) => `${name} ${url ? `at ${url}` : `is down: ${problem}`}`).join('\n'),
  );
  return backends.some(({ url }) => url === undefined) ? FAILURES.DEPLOY_FAILED.exitCode : 0;
}

async function down(context: CommandContext): Promise<number> {
  const stopped = await context.backend.down();
  context.result({ stopped }, () => (stopped.length === 0 ? 'Nothing was running' : stopped.join('\n')));
  return 0;
}
