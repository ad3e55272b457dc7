// Loaded into a deployed server before its own code: the server outlives every process of ours, so nobody else is
// there to keep its log from filling the disk. Works on standard output as it was opened: appending, and readable.
import { fstatSync, ftruncateSync, readSync, writeSync } from 'node:fs';

const MOST_BYTES = 5 * 1024 * 1024;
const KEPT_BYTES = 2 * 1024 * 1024;
const EVERY_MS = 1000;

setInterval(() => {
  try {
    capLog(process.stdout.fd);
  } catch {
    // A log that cannot be cut is no reason to take the server down.
  }
}, EVERY_MS).unref();

function capLog(log: number): void {
  const stats = fstatSync(log);
  if (!stats.isFile() || stats.size <= MOST_BYTES) return;
  const kept = Buffer.alloc(KEPT_BYTES);
  const length = readSync(log, kept, 0, KEPT_BYTES, stats.size - KEPT_BYTES);
  ftruncateSync(log, 0);
  // From the next whole line on.
  writeSync(log, kept.subarray(kept.indexOf('\n') + 1, length));
}
