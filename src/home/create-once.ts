import { link, rm, stat, writeFile } from 'node:fs/promises';
import { randomText } from '../domain/ids.ts';

/** Writes the file with mode 0600 unless it exists; of several processes one wins, and nobody ever sees half a file. */
export async function createOnce(file: string, content: string): Promise<void> {
  if (await exists(file)) return;
  const draft = `${file}.${randomText(8)}`;
  await writeFile(draft, content, { mode: 0o600, flush: true });
  try {
    await link(draft, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    await rm(draft, { force: true });
  }
}

async function exists(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  );
}
