import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { TurboError } from '../domain/errors.ts';
import type { DatabaseAccess } from '../turbobackend.ts';
import type { Shell } from './shell.ts';

/**
 * Runs the machine's psql on this terminal; resolves to its exit code. The password goes by its environment, where other
 * users of the machine do not see it. Rejects with `CONFIG_INVALID` where there is no psql.
 */
export async function runPsql(access: DatabaseAccess, words: readonly string[], shell: Shell): Promise<number> {
  const child = spawn('psql', words, {
    stdio: 'inherit',
    env: { ...shell.environment, ...variablesOf(access, shell) },
  });
  const stopListening = shell.onSignal((signal) => {
    // The terminal has sent Ctrl-C to psql as well.
    if (signal !== 'SIGINT') child.kill(signal);
  });
  try {
    const [code] = (await once(child, 'exit')) as [number | null];
    return code ?? 1;
  } catch (cause) {
    throw new TurboError('CONFIG_INVALID', 'psql could not be started: this machine has none on its PATH', {
      cause,
      fix: "Install PostgreSQL's client programs, or use: turbobackend sql <project>.",
    });
  } finally {
    stopListening();
  }
}

function variablesOf({ host, port, database, user, password, tls }: DatabaseAccess, { environment }: Shell) {
  const authority = environment['DB_CLUSTER_CA_FILE'] ?? 'system';
  return {
    PGHOST: host,
    PGPORT: String(port),
    PGDATABASE: database,
    PGUSER: user,
    PGPASSWORD: password.reveal(),
    PGSSLMODE: tls === 'verify' ? 'verify-full' : 'disable',
    ...(tls === 'verify' && { PGSSLROOTCERT: authority }),
    // What this terminal is set to for other servers.
    PGSERVICE: undefined,
    PGOPTIONS: undefined,
    PGHOSTADDR: undefined,
    PGPASSFILE: undefined,
  };
}
