import { chmodSync, lstatSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

const FOLDER_BITS = 0o555;

/**
 * Lets every user of the machine read what is in the folder and run its programs, whatever umask it was made, copied or
 * restored under. Nobody may write more than before; links stay as they are.
 */
export function makeReadableByAll(folder: string): void {
  addBits(folder, FOLDER_BITS);
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) makeReadableByAll(path);
    else if (entry.isFile()) addBits(path, (lstatSync(path).mode & 0o100) === 0 ? 0o444 : 0o555);
  }
}

/** Looks at the folder and the two levels of folders below it, which is as far as a stranger's umask shows. */
export function isReadableByAll(folder: string, levels = 2): boolean {
  if ((statSync(folder).mode & FOLDER_BITS) !== FOLDER_BITS) return false;
  if (levels === 0) return true;
  return readdirSync(folder, { withFileTypes: true }).every(
    (entry) => !entry.isDirectory() || isReadableByAll(join(folder, entry.name), levels - 1),
  );
}

function addBits(path: string, bits: number): void {
  const { mode } = lstatSync(path);
  if ((mode & bits) !== bits) chmodSync(path, (mode & 0o7777) | bits);
}
