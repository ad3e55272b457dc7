import { statfs } from 'node:fs/promises';
import { toldFailure } from '../domain/database-away.ts';
import { TurboError } from '../domain/errors.ts';
import type { Diagnosis } from '../turbobackend.ts';

/** One thing that `doctor` looks at; what it rejects with becomes a finding. */
export interface Check {
  readonly subject: string;
  look(): Promise<Omit<Diagnosis, 'subject'>>;
}

const LEAST_FREE_BYTES = 1_000_000_000;

/** Looks at one thing after another, in the order given, since later ones may build on earlier ones. */
export async function diagnose(checks: readonly Check[]): Promise<readonly Diagnosis[]> {
  const diagnoses: Diagnosis[] = [];
  for (const check of checks) {
    const { subject } = check;
    try {
      diagnoses.push({ subject, ...(await check.look()) });
    } catch (thrown) {
      const error = toldFailure(thrown);
      const fix = error instanceof TurboError ? error.fix : undefined;
      diagnoses.push({
        subject,
        status: 'failed',
        finding: error instanceof Error ? error.message : String(error),
        fix,
      });
    }
  }
  return diagnoses;
}

/** Room for a database of 8 MB, a few archives and their logs, many times over. */
export async function checkFreeDisk(folder: string): Promise<Omit<Diagnosis, 'subject'>> {
  const { bavail, bsize } = await statfs(folder);
  const freeBytes = bavail * bsize;
  const finding = `${folder} · ${(freeBytes / 1e9).toFixed(1)} GB free`;
  if (freeBytes >= LEAST_FREE_BYTES) return { status: 'ok', finding };
  return { status: 'warning', finding, fix: 'Free at least 1 GB, or set TURBOBACKEND_HOME to a larger disk.' };
}
