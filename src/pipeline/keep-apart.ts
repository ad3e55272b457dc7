import type { RunOrder, RunPorts } from './run-context.ts';
import type { CommandOptions, Sandbox, UntrustedDatabase, UntrustedOptions } from '../sandbox/sandbox.ts';

/** The project's sandbox to run its code in, kept apart where a model wrote some of it. */
export async function openForCode({
  order,
  ports,
}: {
  readonly order: Pick<RunOrder, 'projectId'> & Partial<Pick<RunOrder, 'change'>>;
  readonly ports: Pick<RunPorts, 'sandboxes' | 'coder'>;
}): Promise<Sandbox> {
  const sandbox = await ports.sandboxes.open(order.projectId);
  return ports.coder.writesUntrusted || order.change?.work.apart ? keepApart(sandbox) : sandbox;
}

/**
 * The sandbox for code that a model wrote: everything that is run or started in it is kept as far apart as the machine
 * allows, and reaches the one database that its environment names. Where nothing keeps it apart it runs all the same:
 * it is the backend that the user asked for and is about to run here. A shell for the model is another matter.
 */
export async function keepApart(sandbox: Sandbox): Promise<Sandbox> {
  const { untrusted, id, directory, typescript, nodeVersion } = sandbox;
  if (!untrusted) return sandbox;
  const { guarantees } = await untrusted.isolation();
  return {
    id,
    directory,
    guarantees,
    typescript,
    nodeVersion,
    untrusted,
    run: (command, options = {}) => untrusted.run(withOwnNames(command, options), apart(options)),
    start: (command, options = {}) =>
      untrusted.start(withOwnNames(command, options), {
        ...apart(options),
        listenPort: Number(options.environment?.['PORT'] ?? 0),
      }),
    freePort: () => sandbox.freePort(),
    urlOf: (port) => sandbox.urlOf(port),
    readFile: (path) => sandbox.readFile(path),
    readFiles: (paths) => sandbox.readFiles(paths),
    writeFiles: (files) => sandbox.writeFiles(files),
    deleteFile: (path) => sandbox.deleteFile(path),
    listFiles: () => sandbox.listFiles(),
  };
}

function apart(options: CommandOptions): UntrustedOptions {
  return { ...options, database: databaseOf(options.environment ?? {}), allowUnsafe: true };
}

/** A suite gets to the copy that it may empty, anything else to the database that it is given. */
function databaseOf(environment: Readonly<Record<string, string>>): UntrustedDatabase | undefined {
  const { DB_HOST: host, DB_PORT, DB_USER: user, DB_NAME, TEST_DB_NAME, DB_TLS, DB_CA: ca } = environment;
  const database = TEST_DB_NAME ?? DB_NAME;
  if (host === undefined || user === undefined || database === undefined) return undefined;
  return { host, port: Number(DB_PORT), tls: DB_TLS === 'verify' ? 'verify' : 'off', ca, database, user };
}

/** The way to the database brings its name along; a suite has to see that the copy is not the real one. */
function withOwnNames(command: readonly string[], { environment = {} }: CommandOptions): readonly string[] {
  const { DB_NAME, TEST_DB_NAME } = environment;
  return TEST_DB_NAME === undefined || DB_NAME === undefined ? command : ['env', `DB_NAME=${DB_NAME}`, ...command];
}
