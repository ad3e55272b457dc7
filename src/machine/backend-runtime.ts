import { createHash } from 'node:crypto';
import { chmodSync, constants, copyFileSync, existsSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { chmod, copyFile, link, mkdir, readFile, rename, rm, stat, symlink, utimes } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import { setImmediate as immediate } from 'node:timers/promises';
import { failAs } from '../domain/fail-as.ts';
import { randomText } from '../domain/ids.ts';
import { findPackage, findPackageClosure } from './package-closure.ts';
import { isReadableByAll, makeReadableByAll } from './readable-by-all.ts';

/** What every generated backend on this machine runs with; shared by all of them, to be changed by none. */
export interface BackendRuntime {
  /** A Node that any user of the machine may run. Its folder has `tsc` too and goes on a command's PATH. */
  readonly nodePath: string;
  /** What a project's `node_modules` links to. */
  readonly nodeModules: string;
  /** Changes with the versions of Node and of the packages. */
  readonly version: string;
}

// What the scaffold's package.json asks for: its code, its tests and its type check need nothing else.
const PACKAGES = ['fastify', '@fastify/cors', '@fastify/rate-limit', 'pg', 'typescript', '@types/node', '@types/pg'];

// At the top of a package: what nobody imports, two files of five. Further in, a folder of such a name may be code.
const NOT_NEEDED = new Set(['node_modules', 'test', 'tests', 'docs', 'benchmark', 'benchmarks', 'examples', '.github']);
const NESTED_PACKAGES = new Set(['node_modules']);

/**
 * The runtime in `home`, made on first use; later calls only look. Any number of processes may ask at once. It is a
 * copy, not hard links, so that a project which writes into its node_modules does not change our own installation.
 * Rejects with `SANDBOX_UNAVAILABLE`.
 */
export async function prepareBackendRuntime(options: {
  /** Absolute. When we are root, other users have to be able to pass through it. */
  readonly home: string;
  /** A folder whose modules find the packages. Default: ours. */
  readonly installation?: string;
}): Promise<BackendRuntime> {
  const installation = options.installation ?? import.meta.dirname;
  const doing = `prepare what backends run with in ${options.home}`;
  return failAs({ code: 'SANDBOX_UNAVAILABLE', doing }, async () => {
    const version = await runtimeVersion(installation);
    const folder = join(options.home, `runtime-${version}`);
    if (!existsSync(folder)) await makeRuntime(folder, installation);
    else if (process.getuid?.() === 0 && !isReadableByAll(folder)) makeReadableByAll(folder);
    const runtime = { nodePath: join(folder, 'bin', 'node'), nodeModules: join(folder, 'node_modules'), version };
    await markRuntimeUsed(runtime);
    return runtime;
  });
}

/** Keeps the runtime from being taken for an old one; where another user made it, that user's processes have to. */
export async function markRuntimeUsed({ nodeModules }: BackendRuntime): Promise<void> {
  const now = new Date();
  await utimes(dirname(nodeModules), now, now).catch(() => undefined);
}

/** How TypeScript's compiler is called: its native program, or its wrapper for Node where there is none. */
export function typescriptCommand(runtime: BackendRuntime): readonly string[] {
  const native = nativeTypescript(runtime.nodeModules);
  return existsSync(native) ? [native] : [runtime.nodePath, join(runtime.nodeModules, 'typescript', 'bin', 'tsc')];
}

/** From what is quick to read: the packages' versions, and npm's own list of everything that it installed. */
async function runtimeVersion(installation: string): Promise<string> {
  const hash = createHash('sha256').update(
    `1 ${process.execPath} ${process.version} ${process.platform} ${process.arch}`,
  );
  for (const name of PACKAGES) {
    const folder = findPackage(installation, name) ?? name;
    hash.update(await readFile(join(folder, 'package.json')).catch(() => ''));
    if (name === 'fastify')
      hash.update(await readFile(join(dirname(folder), '.package-lock.json')).catch(() => folder));
  }
  return hash.digest('hex').slice(0, 12);
}

/** Built under another name and moved when it is whole: whoever sees the folder sees all of it. */
async function makeRuntime(folder: string, installation: string): Promise<void> {
  const draft = join(dirname(folder), `.${basename(folder)}.${randomText(8)}`);
  try {
    await makeFolder(draft);
    for (const { source, place } of await findPackageClosure(installation, PACKAGES)) {
      copyFolder(source, join(draft, 'node_modules', place), NOT_NEEDED);
      await immediate();
    }
    // The folders on the way to a package, too.
    makeReadableByAll(join(draft, 'node_modules'));
    await makePrograms(draft);
    await rename(draft, folder);
  } catch (error) {
    // Another process was quicker.
    if (!existsSync(folder)) throw error;
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

/** In one go, since thousands of small files cost three times as much one by one; 66 packages leave enough gaps. */
function copyFolder(source: string, target: string, leaveOut: ReadonlySet<string>): void {
  mkdirSync(target, { recursive: true });
  for (const entry of readdirSync(source, { withFileTypes: true })) {
    const from = join(source, entry.name);
    const to = join(target, entry.name);
    if (entry.isFile()) copyReadOnly(from, to);
    // Packages that it has for itself alone are placed by the closure.
    else if (entry.isDirectory() && !leaveOut.has(entry.name)) copyFolder(from, to, NESTED_PACKAGES);
  }
}

/** For everybody to read whatever our umask is, for nobody to write; a clone where the file system can make one. */
function copyReadOnly(from: string, to: string): void {
  copyFileSync(from, to, constants.COPYFILE_FICLONE);
  chmodSync(to, (statSync(from).mode & 0o111) === 0 ? 0o444 : 0o555);
}

async function makeFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  // The mode that mkdir is given would be cut by the umask.
  await chmod(folder, 0o755);
}

/** A folder of programs beside the `node_modules` of `draft`: the Node that runs us, and the compiler. */
export async function makePrograms(draft: string): Promise<void> {
  const bin = join(draft, 'bin');
  await makeFolder(bin);
  await provideNode(join(bin, 'node'));
  const native = nativeTypescript(join(draft, 'node_modules'));
  const compiler = existsSync(native) ? native : join(draft, 'node_modules', 'typescript', 'bin', 'tsc');
  await symlink(relative(bin, compiler), join(bin, 'tsc'));
}

/** The Node that runs us, or, where it lies in a folder that only we may enter, the same file in a place for all. */
async function provideNode(target: string): Promise<void> {
  if (process.getuid?.() !== 0 || (await everyoneMayPass(dirname(process.execPath)))) {
    await symlink(process.execPath, target);
    return;
  }
  await link(process.execPath, target).catch(() => copyFile(process.execPath, target, constants.COPYFILE_FICLONE));
  await chmod(target, 0o755);
}

/** Whether other users can reach what lies in the folder. */
export async function everyoneMayPass(folder: string): Promise<boolean> {
  for (let path = folder; ; path = dirname(path)) {
    if (((await stat(path)).mode & 0o001) === 0) return false;
    if (path === dirname(path)) return true;
  }
}

function nativeTypescript(nodeModules: string): string {
  const program = process.platform === 'win32' ? 'tsc.exe' : 'tsc';
  return join(nodeModules, '@typescript', `typescript-${process.platform}-${process.arch}`, 'lib', program);
}
