import type { CommandLimits } from '../sandbox/sandbox.ts';

const MEGABYTE = 1024 * 1024;

export const DEFAULT_LIMITS: CommandLimits = {
  processes: 256,
  memoryBytes: 1536 * MEGABYTE,
  fileBytes: 256 * MEGABYTE,
  folderGrowthBytes: 1024 * MEGABYTE,
  freeDiskBytes: 512 * MEGABYTE,
};
