import type { LaunchPolicy, SystemCallPolicy } from './launch-policy.ts';
import type { NativeCalls } from './native-calls.ts';
import type { Architecture } from './system-call-numbers.ts';

/** One instruction of classic BPF: struct sock_filter of the kernel's include/uapi/linux/filter.h. */
export interface Instruction {
  readonly code: number;
  readonly ifTrue: number;
  readonly ifFalse: number;
  readonly value: number;
}

/** Reach into other processes, the kernel, its namespaces and mounts; nothing that builds or tests software needs. */
const REFUSED = [
  'ptrace process_vm_readv process_vm_writev pidfd_getfd perf_event_open bpf userfaultfd',
  'mount umount2 pivot_root chroot unshare setns open_by_handle_at',
  'fsopen fsconfig fsmount fspick open_tree move_mount mount_setattr',
  // Makes sockets and opens files past this filter.
  'io_uring_setup io_uring_enter io_uring_register',
  'add_key request_key keyctl syslog acct quotactl quotactl_fd swapon swapoff',
  'init_module finit_module delete_module kexec_load kexec_file_load reboot iopl ioperm',
  'settimeofday clock_settime',
].flatMap((names) => names.split(' '));
const LEAVES_GROUP = ['setsid', 'setpgid'];

const ALLOW = 0x7fff0000;
const KILL = 0x80000000;
const EPERM = 1;
const ENOSYS = 38;
// CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID and NEWNET of include/uapi/linux/sched.h.
const ANY_NAMESPACE = 0x7e020000;
const MSG_FASTOPEN = 0x20000000;
const [AF_UNIX, AF_INET, AF_INET6] = [1, 2, 10];
const [SOCK_STREAM, SOCK_TYPES] = [1, 0xf];
const IPPROTO_TCP = 6;
const [NUMBER_OFFSET, ARCH_OFFSET, ARGUMENTS_OFFSET] = [0, 4, 16];
const [PR_SET_SECCOMP, SECCOMP_MODE_FILTER] = [22, 2];

/** From here on every system call of this thread, and of all it becomes and starts, passes the filter. */
export function filterSystemCalls(native: NativeCalls, policy: NonNullable<LaunchPolicy['systemCalls']>): void {
  const program = filterProgram(native.architecture, policy);
  const code = native.buffer(program.length * 8);
  for (const [index, { code: operation, ifTrue, ifFalse, value }] of program.entries()) {
    code.writeUInt16LE(operation, index * 8);
    code.writeUInt8(ifTrue, index * 8 + 2);
    code.writeUInt8(ifFalse, index * 8 + 3);
    code.writeUInt32LE(value >>> 0, index * 8 + 4);
  }
  const header = native.buffer(16);
  header.writeUInt16LE(program.length, 0);
  header.writeBigUInt64LE(native.addressOf(code), 8);
  native.must('prctl', PR_SET_SECCOMP, SECCOMP_MODE_FILTER, native.addressOf(header));
}

/** A program over struct seccomp_data: number, architecture and arguments of the call. */
export function filterProgram(architecture: Architecture, policy: SystemCallPolicy): readonly Instruction[] {
  const { numbers, auditArch, foreignFrom } = architecture;
  const refused = policy.leaveGroup ? REFUSED : [...REFUSED, ...LEAVES_GROUP];
  return [
    load(ARCH_OFFSET),
    equal(auditArch, 1, 0),
    answer(KILL),
    load(NUMBER_OFFSET),
    ...(foreignFrom === undefined ? [] : [atLeast(foreignFrom, 0, 1), refuse(EPERM)]),
    ...refused.flatMap((name) => forCall(numbers[name], [refuse(EPERM)])),
    // Its flags lie in memory, where a filter cannot look; libc falls back to clone.
    ...forCall(numbers['clone3'], [refuse(ENOSYS)]),
    ...forCall(numbers['clone'], refuseBits(0, ANY_NAMESPACE)),
    ...forCall(numbers['socket'], socketRules(policy.unixSockets)),
    // Connects without being asked as a connect, which is what Landlock mediates.
    ...forCall(numbers['sendto'], refuseBits(3, MSG_FASTOPEN)),
    ...forCall(numbers['sendmsg'], refuseBits(2, MSG_FASTOPEN)),
    ...forCall(numbers['sendmmsg'], refuseBits(3, MSG_FASTOPEN)),
    answer(ALLOW),
  ];
}

/** TCP alone: no UDP, no raw or netlink sockets, and no MPTCP, which Landlock's port rules do not see. */
function socketRules(unixSockets: boolean): readonly Instruction[] {
  return [
    loadArgument(0),
    equal(AF_UNIX, 0, 1),
    unixSockets ? answer(ALLOW) : refuse(EPERM),
    equal(AF_INET, 1, 0),
    equal(AF_INET6, 0, 6),
    loadArgument(1),
    { code: 0x54, ifTrue: 0, ifFalse: 0, value: SOCK_TYPES },
    equal(SOCK_STREAM, 0, 3),
    loadArgument(2),
    equal(0, 2, 0),
    equal(IPPROTO_TCP, 1, 0),
    refuse(EPERM),
    answer(ALLOW),
  ];
}

function refuseBits(argument: number, bits: number): readonly Instruction[] {
  const anyBit = { code: 0x45, ifTrue: 0, ifFalse: 1, value: bits };
  return [loadArgument(argument), anyBit, refuse(EPERM), answer(ALLOW)];
}

/** `rules` have to end with an answer: they leave no call's number behind for the next ones. */
function forCall(number: number | undefined, rules: readonly Instruction[]): readonly Instruction[] {
  return number === undefined ? [] : [equal(number, 0, rules.length), ...rules];
}

function load(offset: number): Instruction {
  return { code: 0x20, ifTrue: 0, ifFalse: 0, value: offset };
}

/** The lower half of an argument, which is all that the calls in question read. */
function loadArgument(index: number): Instruction {
  return load(ARGUMENTS_OFFSET + index * 8);
}

function equal(value: number, ifTrue: number, ifFalse: number): Instruction {
  return { code: 0x15, ifTrue, ifFalse, value };
}

function atLeast(value: number, ifTrue: number, ifFalse: number): Instruction {
  return { code: 0x35, ifTrue, ifFalse, value };
}

function refuse(errno: number): Instruction {
  return answer(0x00050000 + errno);
}

function answer(value: number): Instruction {
  return { code: 0x06, ifTrue: 0, ifFalse: 0, value };
}
