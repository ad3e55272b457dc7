import { execFile } from 'node:child_process';
import { statfs } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { CommandLimits } from './untrusted-commands.ts';

const INTERVAL_MS = 2000;
const LONGEST_LOOK_MS = 10_000;

/**
 * Looks every two seconds whether the folder has grown too much since it took up `startBytes`, or the disk is nearly full;
 * resolves to what is wrong as soon as it is, and to undefined when `signal` is aborted.
 */
export async function watchDisk(
  directory: string,
  startBytes: number,
  limits: Pick<CommandLimits, 'folderGrowthBytes' | 'freeDiskBytes'>,
  signal: AbortSignal,
): Promise<string | undefined> {
  while (!signal.aborted) {
    const trouble = await findTrouble(directory, startBytes, limits);
    if (trouble !== undefined) return trouble;
    await sleep(INTERVAL_MS, undefined, { signal, ref: false }).catch(() => undefined);
  }
  return undefined;
}

async function findTrouble(
  directory: string,
  startBytes: number,
  { folderGrowthBytes, freeDiskBytes }: Pick<CommandLimits, 'folderGrowthBytes' | 'freeDiskBytes'>,
): Promise<string | undefined> {
  const { bavail, bsize } = await statfs(directory);
  if (bavail * bsize < freeDiskBytes) return `less than ${freeDiskBytes} bytes of the disk are free`;
  const grownBytes = (await folderBytes(directory)) - startBytes;
  return grownBytes > folderGrowthBytes ? `the folder grew by more than ${folderGrowthBytes} bytes` : undefined;
}

/** What it takes up on its disk, links not followed; 0 where that cannot be measured. */
export async function folderBytes(directory: string): Promise<number> {
  const measured = promisify(execFile)('du', ['-skx', '--', directory], { timeout: LONGEST_LOOK_MS });
  // It fails when a file vanishes meanwhile, and has the sum all the same.
  const { stdout } = await measured.catch((error: { readonly stdout?: string }) => ({ stdout: error.stdout ?? '' }));
  return (Number.parseInt(stdout, 10) || 0) * 1024;
}
