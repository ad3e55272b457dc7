import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Pool } from 'pg';
import { randomText } from '../domain/ids.ts';
import type { Home } from '../home/home.ts';

/** Has the records name the folder where it is: a home may have been moved, copied or restored to another place. */
export async function followMove({ folder }: Home, pool: Pool): Promise<void> {
  const note = join(folder, 'place');
  const noted = await readFile(note, 'utf8').catch(() => '');
  if (noted === folder) return;
  if (noted !== '') {
    const { moveProjectPaths } = await import('../store/projects.ts');
    await moveProjectPaths(pool, noted, folder);
  }
  const draft = `${note}.${randomText(8)}`;
  await writeFile(draft, folder, { mode: 0o600 });
  await rename(draft, note);
}
