import { Option, type Command } from 'commander';
import { SCOPES, type ApiKey, type Scope } from '../../domain/api-key.ts';
import type { CommandContext } from '../command-context.ts';
import { formatTime } from '../render/project.ts';
import { renderTable } from '../render/table.ts';
import type { CommonFlags } from '../screen.ts';
import { withCommonFlags, type CommandRunner } from './command-runner.ts';

interface CreateFlags extends CommonFlags {
  readonly owner: string;
  readonly name: string;
  readonly scope: Scope;
}

/** `keys create`, `keys list` and `keys revoke`. */
export function addKeyCommands(program: Command, runner: CommandRunner): void {
  const keys = program.command('keys').description('make, list or revoke API keys').usage('<create|list|revoke>');
  withCommonFlags(keys.command('create'))
    .option('--owner <owner>', 'whose projects it opens; projects made without a key are those of "local"', 'local')
    .option('--name <name>', 'what to call it', 'key')
    .addOption(new Option('--scope <scope>', 'what it allows').choices(SCOPES).default('write'))
    .description('make an API key; it is shown this once')
    .action((flags: CreateFlags) =>
      runner.run(runner.screen(flags), { work: false }, (context) => create(context, flags)),
    );
  withCommonFlags(keys.command('list'))
    .option('--owner <owner>', 'only those of this owner')
    .description('list the API keys that are not revoked')
    .action((flags: CommonFlags & { readonly owner?: string }) =>
      runner.run(runner.screen(flags), { work: false }, (context) => list(context, flags.owner)),
    );
  withCommonFlags(keys.command('revoke'))
    .argument('<key>', "the key's id, as `keys list` shows it")
    .description('revoke an API key at once')
    .action((keyId: string, flags: CommonFlags) =>
      runner.run(runner.screen(flags), { work: false }, (context) => revoke(context, keyId)),
    );
}

async function create(context: CommandContext, { owner, name, scope }: CreateFlags): Promise<number> {
  const { apiKey, key } = await context.backend.keys.create({ ownerId: owner, name, scope });
  context.result({ ...apiKey, key: key.reveal() }, () => key.reveal());
  if (!context.json) context.note(`Scope ${scope} on the projects of ${owner}. It is not shown again.`);
  return 0;
}

async function list(context: CommandContext, owner: string | undefined): Promise<number> {
  const keys = await context.backend.keys.list(owner);
  context.result({ keys }, () => (keys.length === 0 ? 'No keys' : keyTable(keys, context)));
  return 0;
}

function keyTable(keys: readonly ApiKey[], { out, shell }: CommandContext): string {
  const rows = keys.map((key) => [
    key.keyId,
    `${key.prefix}…`,
    key.ownerId,
    key.name,
    key.scope,
    formatTime(key.createdAt),
    key.lastUsedAt === undefined ? 'never' : formatTime(key.lastUsedAt),
  ]);
  const width = shell.stdout.isTTY === true ? shell.stdout.columns : undefined;
  return renderTable(['ID', 'KEY', 'OWNER', 'NAME', 'SCOPE', 'CREATED', 'LAST USED'], rows, out, width);
}

async function revoke(context: CommandContext, keyId: string): Promise<number> {
  const revoked = await context.backend.keys.revoke(keyId);
  context.result(revoked, () => `Revoked ${revoked.prefix}… of ${revoked.ownerId}`);
  return 0;
}
