import { existsSync, lstatSync, mkdirSync, readlinkSync, rmdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { VisibleFiles } from './launch-policy.ts';
import type { NativeCalls } from './native-calls.ts';

// Of the kernel's include/uapi/linux/mount.h.
const [MS_NOSUID, MS_NODEV, MS_NOEXEC, MS_BIND, MS_REC] = [2, 4, 8, 4096, 16384];
const MNT_DETACH = 2;
const OLD = '/.old';
const LINKS_IN_DEV = { fd: '/proc/self/fd', stdin: 'fd/0', stdout: 'fd/1', stderr: 'fd/2' };

/**
 * Swaps the root for an empty one, in memory, that holds the named files at their places, a /proc of the process
 * namespace, and a /tmp of its own. Only in a mount namespace: the old root is gone for all that share it.
 */
export function enterOwnView(native: NativeCalls, files: VisibleFiles): void {
  const mount = (source: string, target: string, kind: string, flags: number, options = '') =>
    native.must(
      'mount',
      ...[source, target, kind].map((text) => native.text(text)),
      flags,
      options === '' ? 0 : native.text(options),
    );
  mount('tmpfs', '/tmp', 'tmpfs', MS_NOSUID | MS_NODEV, 'size=16m,mode=755');
  mkdirSync(join('/tmp', OLD));
  native.must('pivot_root', native.text('/tmp'), native.text(join('/tmp', OLD)));
  process.chdir('/');

  mkdirSync('/tmp');
  mount('tmpfs', '/tmp', 'tmpfs', MS_NOSUID | MS_NODEV, 'size=256m,mode=1777');
  mkdirSync('/proc');
  mount('proc', '/proc', 'proc', MS_NOSUID | MS_NODEV | MS_NOEXEC);
  const bind = (path: string) => mount(join(OLD, path), path, '', MS_BIND | MS_REC);
  for (const path of [...files.readable, ...files.devices, ...files.writable]) show(path, bind);
  for (const [name, target] of Object.entries(LINKS_IN_DEV)) symlinkSync(target, join('/dev', name));

  native.must('umount2', native.text(OLD), MNT_DETACH);
  rmdirSync(OLD);
}

/** Gives up the capabilities that the view was built with, now and for what we become. */
export function dropCapabilities(native: NativeCalls): void {
  const [PR_CAP_AMBIENT, CLEAR_ALL, CAPABILITY_VERSION_3] = [47, 4, 0x20080522];
  native.must('prctl', PR_CAP_AMBIENT, CLEAR_ALL, 0, 0, 0);
  const header = native.buffer(8);
  header.writeUInt32LE(CAPABILITY_VERSION_3, 0);
  native.must('capset', native.addressOf(header), native.addressOf(native.buffer(24)));
}

/** Brings up the loopback of a new network namespace, which is all there is in it. */
export function enableLoopback(native: NativeCalls): void {
  const [AF_INET, SOCK_DGRAM, SIOCSIFFLAGS, IFF_UP] = [2, 2, 0x8914, 1];
  const socket = native.must('socket', AF_INET, SOCK_DGRAM, 0);
  const request = native.buffer(40);
  request.write('lo');
  request.writeInt16LE(IFF_UP, 16);
  native.must('ioctl', socket, SIOCSIFFLAGS, native.addressOf(request));
}

function show(path: string, bind: (path: string) => void): void {
  const old = join(OLD, path);
  // A folder above it may have brought it along, and so may the private /proc and /tmp.
  if (!existsSync(old) || path === '/proc' || path === '/tmp') return;
  const stats = lstatSync(old);
  mkdirSync(dirname(path), { recursive: true });
  if (stats.isSymbolicLink()) return showLink(path, readlinkSync(old));
  if (stats.isDirectory()) mkdirSync(path, { recursive: true });
  else if (!existsSync(path)) writeFileSync(path, '');
  bind(path);
}

function showLink(path: string, target: string): void {
  if (!existsSync(path)) symlinkSync(target, path);
}
