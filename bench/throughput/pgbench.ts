import { accessSync, constants, readdirSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { familyCpuMsOf, usedMs } from '../measure/cpu-time.ts';
import type { ProvisionedDatabase } from '../../src/domain/provisioned-database.ts';
import type { Workbench } from '../workbench.ts';
import type { Contestant, Sample } from './contestant.ts';
import type { Question } from './questions.ts';
import { runProgram } from './run-program.ts';

const DEBIAN = '/usr/lib/postgresql';
/** As many as the pools of the servers have. */
const CONNECTIONS = 10;

/** The program, where the machine has it: on the PATH or where Debian keeps those of each version. */
export function findPgbench(): string | undefined {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), ...debianFolders()];
  return folders.map((folder) => join(folder, 'pgbench')).find(isProgram);
}

/** Asks Postgres itself, with prepared statements: what remains for a server that costs nothing. */
export function pgbenchContestant(
  program: string,
  { server, signal, newFolder }: Workbench,
  { name, host, port, app }: ProvisionedDatabase,
  seconds: number,
): Contestant {
  const login = ['-h', host, '-p', String(port), '-U', app.user];
  const load = ['-n', '-M', 'prepared', '-c', String(CONNECTIONS), '-j', '1', '-T', String(seconds)];
  const answer = async ({ pgbenchScript }: Question): Promise<Sample> => {
    const script = join(await newFolder(), 'script.sql');
    await writeFile(script, pgbenchScript);
    const before = familyCpuMsOf(server.postgres.pid);
    const output = await runProgram([program, ...login, ...load, '-f', script, name], {
      signal,
      environment: { PGPASSWORD: app.password.reveal() },
    });
    const used = usedMs(before, familyCpuMsOf(server.postgres.pid));
    const requests = numberIn(output, /transactions actually processed: (\d+)/);
    const postgresUs = used && (used * 1000) / requests;
    return { perSecond: numberIn(output, /tps = ([\d.]+)/), serverUs: undefined, postgresUs };
  };
  return { name: 'pgbench', answer, stop: () => Promise.resolve() };
}

function numberIn(output: string, pattern: RegExp): number {
  const found = pattern.exec(output)?.[1];
  if (found === undefined) throw new Error(`pgbench did not tell what it measured:\n${output}`);
  return Number(found);
}

function debianFolders(): string[] {
  try {
    return readdirSync(DEBIAN).map((version) => join(DEBIAN, version, 'bin'));
  } catch {
    return [];
  }
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
