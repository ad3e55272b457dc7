import type { Command } from 'commander';
import { TurboError } from '../../domain/errors.ts';
import { requireSecretName } from '../../domain/project-secrets.ts';
import { Secret } from '../../domain/secret.ts';
import type { SecretChange, SecretView } from '../../turbobackend.ts';
import { askSecret } from '../ask-secret.ts';
import type { CommandContext } from '../command-context.ts';
import { readPiped } from '../read-input.ts';
import { formatTime } from '../render/project.ts';
import { renderTable } from '../render/table.ts';
import type { CommonFlags } from '../screen.ts';
import { canAsk } from '../shell.ts';
import { withCommonFlags, type CommandRunner } from './command-runner.ts';

/** `secrets set`, `secrets list` and `secrets unset`. */
export function addSecretCommands(program: Command, runner: CommandRunner): void {
  const secrets = program
    .command('secrets')
    .description("set, list or unset what a project's backend must not tell")
    .usage('<set|list|unset> <project> [NAME]');
  withCommonFlags(secrets.command('set'))
    .argument('<project>', 'its name or id')
    .argument('<NAME>', 'the environment variable: STRIPE_API_KEY')
    .description('give a backend a secret: piped in, or typed unseen')
    .action((project: string, name: string, flags: CommonFlags) =>
      runner.run(runner.screen(flags), { work: true }, (context) => set(context, project, name)),
    );
  withCommonFlags(secrets.command('list'))
    .argument('<project>', 'its name or id')
    .description('list the names of the secrets that are set or needed; no value')
    .action((project: string, flags: CommonFlags) =>
      runner.run(runner.screen(flags), { work: false }, (context) => list(context, project)),
    );
  withCommonFlags(secrets.command('unset'))
    .argument('<project>', 'its name or id')
    .argument('<NAME>', 'as `secrets list` shows it')
    .description('take a secret away from a backend')
    .action((project: string, name: string, flags: CommonFlags) =>
      runner.run(runner.screen(flags), { work: true }, (context) => unset(context, project, name)),
    );
}

async function set(context: CommandContext, project: string, name: string): Promise<number> {
  refuseValue(name);
  requireSecretName(name);
  const secret = new Secret(await readValue(context, name));
  const change = await context.backend.setSecret(project, name, secret);
  context.result({ ...change, name }, () => `${name} is set. ${inWords(change)}`);
  return 0;
}

async function unset(context: CommandContext, project: string, name: string): Promise<number> {
  const change = await context.backend.unsetSecret(project, name);
  context.result({ ...change, name }, () => `${name} is gone. ${inWords(change)}`);
  return 0;
}

async function list(context: CommandContext, project: string): Promise<number> {
  const secrets = await context.backend.listSecrets(project);
  context.result({ secrets }, () => (secrets.length === 0 ? 'No secrets' : secretTable(secrets, context, project)));
  return 0;
}

function secretTable(secrets: readonly SecretView[], { out, shell, command }: CommandContext, project: string): string {
  const rows = secrets.map(({ name, isNeeded, setAt }) => [
    name,
    setAt === undefined ? 'not set' : formatTime(setAt),
    isNeeded ? 'in .env.example' : '',
  ]);
  const width = shell.stdout.isTTY === true ? shell.stdout.columns : undefined;
  const table = renderTable(['NAME', 'SET', 'NEEDED'], rows, out, width);
  const missing = secrets.find(({ setAt }) => setAt === undefined);
  return missing ? `${table}\n\nSet what is missing: ${command} secrets set ${project} ${missing.name}` : table;
}

/** A command's arguments are seen by every user of the machine and stay in the shell's history. */
function refuseValue(name: string): void {
  const [before, ...value] = name.split('=');
  if (value.length === 0) return;
  throw new TurboError('USAGE', 'A value does not belong on the command line, where others and the history see it', {
    fix: `Leave out «=…» and type the value when asked, or pipe it in: … secrets set <project> ${before} < value.txt`,
  });
}

async function readValue(context: CommandContext, name: string): Promise<string> {
  if (canAsk(context.shell)) return askSecret(context, `Value of ${name} (it is not shown): `);
  if (context.shell.stdin.isTTY === true) {
    throw new TurboError('USAGE', `There is no value for ${name}`, {
      fix: `Pipe it in: … secrets set <project> ${name} < value.txt`,
    });
  }
  // Files and `echo` end in a line break that is not meant.
  return (await readPiped(context.shell)).replace(/\r?\n$/, '');
}

function inWords({ project, backend }: SecretChange): string {
  switch (backend) {
    case 'running':
      return `${project} runs with that.`;
    case 'none':
      return `${project} has it when it is deployed.`;
    case 'stopped':
    case 'dead':
      return `${project} does not run, and has it from its next start.`;
  }
}
