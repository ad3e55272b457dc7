import { copyFile, open, rm, stat, truncate, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';

const MOST_BYTES = 5 * 1024 * 1024;
// Enough for any number of lines that somebody reads.
const READ_BYTES = 1024 * 1024;

/** A server's log: `server.log`, and `server.log.1` with what came before; some 5 MB each. */
export class ServerLog {
  readonly #file: string;

  constructor(folder: string, name = 'server.log') {
    this.#file = join(folder, name);
  }

  /** For a server to write to, at the end whatever happens to the file meanwhile. */
  async openForServer(): Promise<FileHandle> {
    await this.keepSmall();
    // To read as well: cap-log.ts, in the server, keeps the last part of what it cuts.
    const handle = await open(this.#file, 'a+', 0o600);
    await handle.chmod(0o600);
    return handle;
  }

  async remove(): Promise<void> {
    await Promise.all([this.#file, `${this.#file}.1`].map((file) => rm(file, { force: true })));
  }

  /** Where the log ends now, for `linesSince`. */
  async end(): Promise<number> {
    return sizeOf(this.#file);
  }

  /** By a copy, since a running server goes on writing to the same file. */
  async keepSmall(): Promise<void> {
    if ((await sizeOf(this.#file)) <= MOST_BYTES) return;
    await copyFile(this.#file, `${this.#file}.1`);
    await truncate(this.#file, 0);
  }

  /** The last `count` lines, oldest first. */
  async lastLines(count: number): Promise<readonly string[]> {
    await this.keepSmall();
    const lines = await readLines(this.#file, 0);
    const older = lines.length < count ? await readLines(`${this.#file}.1`, 0) : [];
    return lastOf([...older, ...lines], count);
  }

  /** The last `count` of the lines that came after `start`. */
  async linesSince(start: number, count: number): Promise<readonly string[]> {
    return lastOf(await readLines(this.#file, start), count);
  }
}

function lastOf(lines: readonly string[], count: number): readonly string[] {
  return lines.slice(Math.max(0, lines.length - count));
}

async function readLines(file: string, start: number): Promise<string[]> {
  const size = await sizeOf(file);
  const from = Math.max(start, size - READ_BYTES);
  if (from >= size) return [];
  const handle = await open(file, 'r');
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(size - from), 0, size - from, from);
    const lines = buffer.subarray(0, bytesRead).toString().split('\n');
    // The first is a rest of a line when the reading began inside of it.
    if (from > start) lines.shift();
    if (lines.at(-1) === '') lines.pop();
    return lines;
  } finally {
    await handle.close();
  }
}

async function sizeOf(file: string): Promise<number> {
  return stat(file).then(
    (stats) => stats.size,
    () => 0,
  );
}
