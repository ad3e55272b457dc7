import { closeSync, constants, fstatSync, openSync } from 'node:fs';
import type { LaunchPolicy, VisibleFiles } from './launch-policy.ts';
import type { NativeCalls } from './native-calls.ts';

// The rights and structures of the kernel's include/uapi/linux/landlock.h.
const EXECUTE = 1n << 0n;
const WRITE_FILE = 1n << 1n;
const READ_FILE = 1n << 2n;
const READ_FOLDER = 1n << 3n;
const TRUNCATE = 1n << 14n;
const DEVICE_CONTROL = 1n << 15n;
const ON_FILES = EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE | DEVICE_CONTROL;
const BIND_TCP = 1n;
const CONNECT_TCP = 2n;
const ABSTRACT_SOCKETS_AND_SIGNALS = 3n;
const [BENEATH_PATH, NET_PORT] = [1, 2];
const VERSION_FLAG = 1;
const O_PATH = 0x200000;

/** How much of Landlock this kernel has: 1 for files, 4 adds TCP ports, 6 signals and abstract sockets; 0 for none. */
function landlockVersion(native: NativeCalls): number {
  return Math.max(0, native.call('landlock_create_ruleset', 0, 0, VERSION_FLAG));
}

/** Takes from this thread, and from all it becomes and starts, every file and TCP port that is not named. */
export function restrictSelf(native: NativeCalls, files: VisibleFiles, ports: LaunchPolicy['ports']): void {
  const version = landlockVersion(native);
  if (version < 1) throw new Error('the kernel has no Landlock');
  const all = rightsOf(version);
  const ruleset = createRuleset(native, version, all, ports !== undefined);
  const allow = (path: string, rights: bigint, needed: boolean) =>
    allowPath(native, ruleset, path, rights & all, needed);
  for (const path of files.readable) allow(path, EXECUTE | READ_FILE | READ_FOLDER, false);
  for (const path of files.devices) allow(path, READ_FILE | WRITE_FILE | DEVICE_CONTROL, false);
  for (const path of files.writable) allow(path, all, true);
  if (version >= 4) {
    for (const port of ports?.connect ?? []) allowPort(native, ruleset, port, CONNECT_TCP);
    for (const port of ports?.bind ?? []) allowPort(native, ruleset, port, BIND_TCP);
  }
  native.must('landlock_restrict_self', ruleset, 0);
  closeSync(ruleset);
}

function rightsOf(version: number): bigint {
  const count = version >= 5 ? 16n : version >= 3 ? 15n : version === 2 ? 14n : 13n;
  return (1n << count) - 1n;
}

function createRuleset(native: NativeCalls, version: number, rights: bigint, ports: boolean): number {
  const attributes = native.buffer(24);
  attributes.writeBigUInt64LE(rights, 0);
  attributes.writeBigUInt64LE(ports ? BIND_TCP | CONNECT_TCP : 0n, 8);
  attributes.writeBigUInt64LE(ABSTRACT_SOCKETS_AND_SIGNALS, 16);
  // An older kernel refuses the fields it does not know.
  const sizeBytes = version >= 6 ? 24 : version >= 4 ? 16 : 8;
  return native.must('landlock_create_ruleset', native.addressOf(attributes), sizeBytes, 0);
}

function allowPath(native: NativeCalls, ruleset: number, path: string, rights: bigint, needed: boolean): void {
  const handle = openPath(path, needed);
  if (handle === undefined) return;
  const rule = native.buffer(12);
  rule.writeBigUInt64LE(fstatSync(handle).isDirectory() ? rights : rights & ON_FILES, 0);
  rule.writeInt32LE(handle, 8);
  native.must('landlock_add_rule', ruleset, BENEATH_PATH, native.addressOf(rule), 0);
  closeSync(handle);
}

function openPath(path: string, needed: boolean): number | undefined {
  try {
    return openSync(path, O_PATH | constants.O_RDONLY);
  } catch (error) {
    if (needed) throw error;
    return undefined;
  }
}

function allowPort(native: NativeCalls, ruleset: number, port: number, right: bigint): void {
  const rule = native.buffer(16);
  rule.writeBigUInt64LE(right, 0);
  rule.writeBigUInt64LE(BigInt(port), 8);
  native.must('landlock_add_rule', ruleset, NET_PORT, native.addressOf(rule), 0);
}
