import { execFile } from 'node:child_process';
import type { OperatingSystemUser } from './operating-system-user.ts';

/** Postgres' messages are read by us, and its clock is the same on every machine. Nothing of our own environment goes in. */
export const POSTGRES_ENVIRONMENT = { PATH: '/usr/local/bin:/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' } as const;

/** Runs one of Postgres' own programs to its end; rejects with what it printed when it fails. */
export function runPostgresProgram(
  file: string,
  arguments_: readonly string[],
  user: OperatingSystemUser | undefined,
): Promise<string> {
  return new Promise((resolve, reject) => {
    // The current folder may be one that the user cannot enter.
    execFile(file, arguments_, { ...user, cwd: '/', env: POSTGRES_ENVIRONMENT }, (error, stdout, stderr) => {
      if (error) reject(new Error(`${file} failed: ${stderr.trim() || error.message}`, { cause: error }));
      else resolve(stdout);
    });
  });
}
