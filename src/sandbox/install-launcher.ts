import { createHash } from 'node:crypto';
import { chmod, mkdir, readdir, readFile, realpath, rename, rm, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
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

/**
 * A copy of `launcher/` in `folder`, for every user to read: the installation may lie where only we may enter. Without
 * types, so that no command waits for them to be taken out.
 */
export async function installLauncher(folder: string): Promise<Launcher> {
  const sources = await readSources();
  const version = createHash('sha256').update(JSON.stringify(sources)).digest('hex').slice(0, 12);
  const target = join(folder, `launcher-${version}`);
  if (!existsSync(target)) await writeLauncher(target, sources);
  const place = await realpath(target);
  return {
    version,
    folder: place,
    launch: join(place, 'launch.js'),
    attack: join(place, 'attack.js'),
    relay: join(place, 'registry-relay.js'),
  };
}

/** Ours are TypeScript in a checkout and JavaScript in a package. */
async function readSources(): Promise<readonly (readonly [name: string, code: string])[]> {
  const folder = join(import.meta.dirname, 'launcher');
  const names = (await readdir(folder)).filter((name) => /^[\w-]+\.[jt]s$/.test(name)).toSorted();
  return Promise.all(
    names.map(async (name): Promise<readonly [string, string]> => {
      const code = await readFile(join(folder, name), 'utf8');
      const kind = extname(name);
      return [`${basename(name, kind)}.js`, kind === '.ts' ? withoutTypes(code) : code];
    }),
  );
}

function withoutTypes(code: string): string {
  return stripTypeScriptTypes(code).replaceAll(/(from '\.\/[\w-]+)\.ts'/g, "$1.js'");
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
