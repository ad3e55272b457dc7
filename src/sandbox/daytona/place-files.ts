import { readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { TurboError } from '../../domain/errors.ts';
import type { ProjectFolder } from '../project-folder.ts';
import type { PlacedFile } from './agent-protocol.ts';

const FORGOTTEN_AFTER_MS = 60 * 60_000;

/** What came of it, for who asks again: what was uploaded is gone by then. */
interface Outcome {
  readonly refused?: string;
}

/** Moves what was uploaded to its places in the project, in this order, up to the first that is refused. */
export async function placeFiles(
  staging: string,
  folder: ProjectFolder,
  { id, files }: { readonly id: string; readonly files: readonly PlacedFile[] },
): Promise<void> {
  const outcome = (await readOutcome(staging, id)) ?? (await placeOnce(staging, folder, id, files));
  if (outcome.refused !== undefined) throw new TurboError('SANDBOX_PATH_REFUSED', outcome.refused);
}

async function placeOnce(
  staging: string,
  folder: ProjectFolder,
  id: string,
  files: readonly PlacedFile[],
): Promise<Outcome> {
  const outcome = await place(join(staging, id), folder, files);
  const draft = join(staging, `.${id}`);
  await writeFile(draft, JSON.stringify(outcome), { mode: 0o600 });
  await rename(draft, outcomeFile(staging, id));
  await rm(join(staging, id), { recursive: true, force: true });
  await forgetOld(staging);
  return outcome;
}

async function place(uploads: string, folder: ProjectFolder, files: readonly PlacedFile[]): Promise<Outcome> {
  try {
    for (const { path, staged, mode } of files) {
      const content = await readFile(join(uploads, staged), 'utf8');
      await folder.write({ path, content, ...(mode === undefined ? {} : { mode }) });
    }
    return {};
  } catch (error) {
    if (error instanceof TurboError) return { refused: error.message };
    throw error;
  }
}

async function readOutcome(staging: string, id: string): Promise<Outcome | undefined> {
  const text = await readFile(outcomeFile(staging, id), 'utf8').catch(() => undefined);
  return text === undefined ? undefined : (JSON.parse(text) as Outcome);
}

function outcomeFile(staging: string, id: string): string {
  return join(staging, `${id}.json`);
}

/** Outcomes, and uploads whose sender was killed before it had them placed. */
async function forgetOld(staging: string): Promise<void> {
  for (const name of await readdir(staging)) {
    const path = join(staging, name);
    const stats = await stat(path).catch(() => undefined);
    if (stats && Date.now() - stats.mtimeMs > FORGOTTEN_AFTER_MS) await rm(path, { recursive: true, force: true });
  }
}
