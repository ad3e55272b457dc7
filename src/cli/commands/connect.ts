import { Option, type Command } from 'commander';
import type { DatabaseAccess, DatabaseRole } from '../../turbobackend.ts';
import type { CommandContext } from '../command-context.ts';
import { runPsql } from '../run-psql.ts';
import type { CommonFlags } from '../screen.ts';
import { LOOKING } from '../with-backend.ts';
import { withCommonFlags, type CommandRunner } from './command-runner.ts';

interface UrlFlags extends CommonFlags {
  readonly role: DatabaseRole;
  readonly withPassword?: boolean;
}

/** `url` and `psql`. */
export function addConnectCommands(program: Command, runner: CommandRunner): void {
  withCommonFlags(program.command('url'))
    .argument('<project>', 'its name or id')
    .addOption(roleOption())
    .option('--with-password', 'with the password in it')
    .description("print the address of a project's database")
    .action((project: string, flags: UrlFlags) =>
      runner.run(runner.screen(flags), LOOKING, (context) => url(context, project, flags)),
    );
  program
    .command('psql')
    .argument('<project>', 'its name or id')
    .argument('[arguments...]', 'for psql: -c "select 1"')
    .addOption(roleOption())
    .allowUnknownOption()
    .description("open psql on a project's database")
    .action(async (project: string, words: readonly string[], { role }: { readonly role: DatabaseRole }) => {
      const screen = runner.screen({});
      let access: DatabaseAccess | undefined;
      await runner.run(screen, { work: true }, async ({ backend }) => {
        access = await backend.databaseAccess(project, role);
        return 0;
      });
      // On its own, so that Ctrl-C is psql's.
      if (access) runner.end(await runPsql(access, words, screen.shell));
    });
}

function roleOption(): Option {
  return new Option('--role <role>', 'app reads and writes rows, owner also changes tables, reader looks')
    .choices(['app', 'owner', 'reader'])
    .default('app');
}

async function url(context: CommandContext, project: string, { role, withPassword }: UrlFlags): Promise<number> {
  const { password, ...connection } = await context.backend.databaseAccess(project, role);
  const address = databaseAddress(connection, withPassword ? password.reveal() : undefined);
  context.result({ ...connection, role, url: address }, () => address);
  if (!withPassword && !context.json) context.note(`Without the password: --with-password adds it.`);
  return 0;
}

function databaseAddress(
  { host, port, database, user, tls }: Omit<DatabaseAccess, 'password'>,
  password?: string,
): string {
  const login = password === undefined ? user : `${user}:${encodeURIComponent(password)}`;
  const server = host.includes(':') ? `[${host}]` : host;
  return `postgresql://${login}@${server}:${port}/${database}${tls === 'verify' ? '?sslmode=verify-full' : ''}`;
}
