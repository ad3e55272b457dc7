import { existsSync } from 'node:fs';
import { chmod, chown, mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { TurboError } from '../domain/errors.ts';
import { randomText } from '../domain/ids.ts';
import type { SourceFile } from '../domain/source-file.ts';
import { makeReadableByAll } from '../machine/readable-by-all.ts';

/** Writes a release under another name and moves it when it is whole; one that is there stays as it is. */
export async function writeRelease(
  folder: string,
  sourceHash: string,
  files: readonly SourceFile[],
  gid: number | undefined,
): Promise<void> {
  const release = releaseFolder(folder, sourceHash);
  if (existsSync(release)) return;
  await makeReleasesFolder(dirname(release), gid);
  const draft = join(dirname(release), `.${randomText(8)}`);
  try {
    await mkdir(draft);
    for (const file of files) await writeReleaseFile(draft, file);
    // The modes that mkdir and writeFile are given would be cut by the umask.
    makeReadableByAll(draft);
    await rename(draft, release);
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

export function releaseFolder(folder: string, sourceHash: string): string {
  if (!/^[0-9a-f]{8,64}$/.test(sourceHash))
    throw new TurboError('DEPLOY_FAILED', `${JSON.stringify(sourceHash)} is no hash of a source`);
  return join(folder, 'releases', sourceHash);
}

/** For when the project's user is another than it was, or the folder was copied under some umask. */
export async function mendRelease(folder: string, sourceHash: string, gid: number | undefined): Promise<void> {
  const release = releaseFolder(folder, sourceHash);
  await makeReleasesFolder(dirname(release), gid);
  makeReadableByAll(release);
}

/** Removes every release but the given ones, with what a crash left. Resolves to the hashes of those removed. */
export async function removeOtherReleases(folder: string, kept: readonly string[]): Promise<readonly string[]> {
  const others = (await readdir(join(folder, 'releases'))).filter((name) => !kept.includes(name));
  for (const name of others) await rm(join(folder, 'releases', name), { recursive: true, force: true });
  return others;
}

/** The project's user reads its releases and changes none; nobody else gets in. */
async function makeReleasesFolder(releases: string, gid: number | undefined): Promise<void> {
  await mkdir(releases, { recursive: true });
  if (gid !== undefined) await chown(releases, 0, gid);
  await chmod(releases, 0o750);
}

async function writeReleaseFile(draft: string, { path, content }: SourceFile): Promise<void> {
  const parts = path.split('/');
  if (parts.some((part) => part === '' || part === '.' || part === '..') || path.includes('\0')) {
    throw new TurboError('DEPLOY_FAILED', `The path ${JSON.stringify(path)} leads out of the release`, {
      phase: 'deploy',
    });
  }
  const file = join(draft, path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, content);
}
