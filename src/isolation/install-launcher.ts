import { createHash } from 'node:crypto';
import { chmod, mkdir, readdir, readFile, realpath, rename, rm, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';
import { randomText } from '../domain/ids.ts';

export interface Launcher {
  /** Changes with every change of the code. */
  readonly version: string;
  readonly folder: string;
  /** The program that shuts itself in and becomes a command. */
  readonly launch: string;
  readonly attack: string;
  readonly relay: string;
}

// Ours are TypeScript in a checkout, which Node runs too, and JavaScript in a package.
const KIND = extname(import.meta.filename);

/** A copy of `launcher/` in `folder`, for every user to read: the installation may lie where only we may enter. */
export async function installLauncher(folder: string): Promise<Launcher> {
  const sources = await readSources();
  const version = createHash('sha256').update(JSON.stringify(sources)).digest('hex').slice(0, 12);
  const target = join(folder, `launcher-${version}`);
  if (!existsSync(target)) await writeLauncher(target, sources);
  const place = await realpath(target);
  return {
    version,
    folder: place,
    launch: join(place, `launch${KIND}`),
    attack: join(place, `attack${KIND}`),
    relay: join(place, `registry-relay${KIND}`),
  };
}

async function readSources(): Promise<readonly (readonly [name: string, code: string])[]> {
  const folder = join(import.meta.dirname, 'launcher');
  const names = (await readdir(folder)).filter((name) => /^[\w-]+\.[jt]s$/.test(name)).toSorted();
  return Promise.all(names.map(async (name) => [name, await readFile(join(folder, name), 'utf8')] as const));
}

/** Whoever sees the folder sees all of it. */
async function writeLauncher(target: string, sources: readonly (readonly [string, string])[]): Promise<void> {
  const draft = join(dirname(target), `.${basename(target)}.${randomText(8)}`);
  try {
    await mkdir(draft, { recursive: true });
    await chmod(draft, 0o755);
    for (const [name, code] of [...sources, ['package.json', '{"type":"module"}\n'] as const]) {
      await writeFile(join(draft, name), code);
      await chmod(join(draft, name), 0o444);
    }
    await rename(draft, target);
  } catch (error) {
    // Another process was quicker.
    if (!existsSync(target)) throw error;
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}
