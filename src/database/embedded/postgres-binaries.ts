import { glob } from 'node:fs/promises';
import { join } from 'node:path';
import { TurboError } from '../../domain/errors.ts';
import type { OperatingSystemUser } from './operating-system-user.ts';
import { findPackagedPostgres, preparePackagedPostgres } from './packaged-postgres.ts';
import { runPostgresProgram } from './run-postgres-program.ts';

export interface PostgresBinaries {
  readonly initdb: string;
  readonly postgres: string;
  /** 18 for PostgreSQL 18.4. */
  readonly major: number;
}

export interface BinariesWanted {
  /** Where a private copy may go. */
  readonly home: string;
  /** Who has to be able to run them; undefined for ourselves. */
  readonly user: OperatingSystemUser | undefined;
  /** The one major version that will do, that of an existing cluster; undefined for any that is new enough. */
  readonly major?: number | undefined;
  /** Folders to look into after the usual ones: those of PATH. */
  readonly searchFolders: readonly string[];
  /** Stands in for the package that npm brought; `undefined` for a machine that has none. */
  readonly packaged?: string | undefined;
}

/** STRATEGY wal_log, on which provisioning's speed rests, came with it. */
export const OLDEST_MAJOR = 15;

const LOCAL_INSTALLS = [
  '/usr/lib/postgresql/*/bin',
  '/usr/pgsql-*/bin',
  '/opt/homebrew/opt/postgresql*/bin',
  '/usr/local/opt/postgresql*/bin',
  '/Applications/Postgres.app/Contents/Versions/*/bin',
];

/**
 * The Postgres to run: npm's for this machine, else one that is installed, the newest first.
 * Rejects with `CLUSTER_UNAVAILABLE` when none runs.
 */
export async function findPostgresBinaries(wanted: BinariesWanted): Promise<PostgresBinaries> {
  const tried: string[] = [];
  for await (const folder of candidateFolders(wanted, tried)) {
    const binaries = await tryBinaries(folder, wanted.user, tried);
    if (!binaries) continue;
    if (isWanted(binaries.major, wanted.major)) return binaries;
    tried.push(`${folder}: version ${binaries.major}`);
  }
  const version = wanted.major === undefined ? `PostgreSQL ${OLDEST_MAJOR} or newer` : `PostgreSQL ${wanted.major}`;
  throw new TurboError('CLUSTER_UNAVAILABLE', `No ${version} runs on this machine.\n${tried.join('\n')}`.trimEnd(), {
    fix: 'Install the optional dependencies (`npm install --include=optional`) or a local PostgreSQL, or set DB_CLUSTER_HOST to a cluster of yours.',
  });
}

async function* candidateFolders(wanted: BinariesWanted, tried: string[]): AsyncGenerator<string> {
  const packaged = 'packaged' in wanted ? wanted.packaged : findPackagedPostgres();
  if (packaged !== undefined) {
    try {
      yield join(await preparePackagedPostgres(packaged, wanted.home, wanted.user), 'bin');
    } catch (error) {
      tried.push(`${packaged}: ${(error as Error).message}`);
    }
  }
  const installed = await Array.fromAsync(glob(LOCAL_INSTALLS));
  yield* installed.toSorted((a, b) => b.localeCompare(a, 'en', { numeric: true }));
  yield* wanted.searchFolders;
}

/** Runs the program to see that it does: a package for another C library only shows it then. */
async function tryBinaries(
  folder: string,
  user: OperatingSystemUser | undefined,
  tried: string[],
): Promise<PostgresBinaries | undefined> {
  const [initdb, postgres] = [join(folder, 'initdb'), join(folder, 'postgres')];
  try {
    await runPostgresProgram(initdb, ['--version'], user);
    const version = await runPostgresProgram(postgres, ['--version'], user);
    return { initdb, postgres, major: Number(/\(PostgreSQL\) (\d+)/.exec(version)?.[1] ?? 0) };
  } catch (error) {
    if (!(error as Error).message.includes('ENOENT')) tried.push((error as Error).message);
    return undefined;
  }
}

function isWanted(major: number, wanted: number | undefined): boolean {
  return wanted === undefined ? major >= OLDEST_MAJOR : major === wanted;
}
