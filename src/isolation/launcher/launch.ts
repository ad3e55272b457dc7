import { accessSync, closeSync, constants, openSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { restrictSelf } from './landlock.ts';
import type { LaunchLimits, LaunchPolicy } from './launch-policy.ts';
import { openNativeCalls, type NativeCalls } from './native-calls.ts';
import { dropCapabilities, enableLoopback, enterOwnView } from './own-view.ts';
import { filterSystemCalls } from './system-call-filter.ts';

/** Where the policy is read from: no argument and no variable shows it to others. */
const POLICY_HANDLE = 3;
// What a shell answers when it cannot start a command, and what env and its like do when they fail themselves.
const [NOT_STARTABLE, NOT_FOUND, LAUNCH_FAILED] = [126, 127, 125];
const PR_SET_NO_NEW_PRIVS = 38;
// Of the kernel's include/uapi/asm-generic/resource.h.
const [RLIMIT_FSIZE, RLIMIT_DATA, RLIMIT_CORE, RLIMIT_NPROC] = [1, 2, 4, 6];

/**
 * Shuts this process in and becomes the command. Landlock and seccomp hold for the thread that asks for them: that is
 * this one, the only one that outlives execve. Whatever fails, the command is not run.
 */
function launch(): void {
  try {
    const policy = JSON.parse(readFileSync(POLICY_HANDLE, 'utf8')) as LaunchPolicy;
    closeSync(POLICY_HANDLE);
    const native = openNativeCalls();
    if (policy.ownNetwork) enableLoopback(native);
    if (policy.ownView && policy.files !== undefined) enterOwnView(native, policy.files);
    if (policy.ownView) dropCapabilities(native);
    setLimits(native, policy.limits);
    native.must('prctl', PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    process.chdir(policy.directory);
    if (policy.files !== undefined) restrictSelf(native, policy.files, policy.ports);
    if (policy.systemCalls !== undefined) filterSystemCalls(native, policy.systemCalls);
    become(policy);
  } catch (error) {
    fail(LAUNCH_FAILED, `the command was not run: ${(error as Error).message}`);
  }
}

function setLimits(native: NativeCalls, limits: LaunchLimits): void {
  native.setLimit(RLIMIT_CORE, 0);
  native.setLimit(RLIMIT_FSIZE, limits.fileBytes);
  native.setLimit(RLIMIT_DATA, limits.memoryBytes);
  native.setLimit(RLIMIT_NPROC, threadsOfUser() + limits.processes);
}

/** The kernel counts all threads of a user, and an ordinary user's desktop has many. */
function threadsOfUser(): number {
  const uid = process.getuid?.();
  let count = 0;
  for (const name of readdirSync('/proc')) {
    const tasks = statSync(join('/proc', name, 'task'), { throwIfNoEntry: false });
    // Beside its entries a folder is linked to by itself and from above.
    if (/^\d+$/.test(name) && tasks !== undefined && tasks.uid === uid) count += tasks.nlink - 2;
  }
  return count;
}

/** execve ends the process when it fails, so that what can be known before is looked at before. */
function become({ command, environment }: LaunchPolicy): void {
  const [name = ''] = command;
  const program = findProgram(name, environment['PATH'] ?? '');
  if (program === undefined) return fail(NOT_FOUND, `${name}: not found`);
  if (!isExecutable(program)) return fail(NOT_STARTABLE, `${name}: not to be executed`);
  process.execve?.(program, [...command], environment);
  fail(LAUNCH_FAILED, 'this Node cannot become another program');
}

function findProgram(name: string, path: string): string | undefined {
  const candidates = name.includes('/') ? [resolve(name)] : path.split(':').map((folder) => join(folder, name));
  const files = candidates.filter((candidate) => isFile(candidate));
  return files.find(isExecutable) ?? files[0];
}

function isFile(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    // Landlock lets us see that it is there, and would have execve fail.
    closeSync(openSync(path, 'r'));
    return true;
  } catch {
    return false;
  }
}

function fail(exitCode: number, message: string): void {
  process.stderr.write(`sandbox: ${message}\n`);
  process.exit(exitCode);
}

launch();
