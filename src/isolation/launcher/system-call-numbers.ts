/** Numbers of system calls; those that an architecture never had are absent. */
type SystemCallNumbers = Readonly<Record<string, number>>;

export interface Architecture {
  /** AUDIT_ARCH_* of the kernel's include/uapi/linux/audit.h, as seccomp reports it. */
  readonly auditArch: number;
  /** Numbers from here on are another calling convention of the same machine (x32), with numbers of its own. */
  readonly foreignFrom: number | undefined;
  readonly numbers: SystemCallNumbers;
}

/** Since Linux 5.1 new calls have one number everywhere: the kernel's include/uapi/asm-generic/unistd.h. */
const COMMON = {
  io_uring_setup: 425,
  io_uring_enter: 426,
  io_uring_register: 427,
  open_tree: 428,
  move_mount: 429,
  fsopen: 430,
  fsconfig: 431,
  fsmount: 432,
  fspick: 433,
  clone3: 435,
  pidfd_getfd: 438,
  mount_setattr: 442,
  quotactl_fd: 443,
  landlock_create_ruleset: 444,
  landlock_add_rule: 445,
  landlock_restrict_self: 446,
};

/** The kernel's arch/x86/entry/syscalls/syscall_64.tbl. */
const X64 = {
  ...COMMON,
  ioctl: 16,
  socket: 41,
  sendto: 44,
  sendmsg: 46,
  clone: 56,
  ptrace: 101,
  syslog: 103,
  setpgid: 109,
  setsid: 112,
  capset: 126,
  prctl: 157,
  pivot_root: 155,
  chroot: 161,
  acct: 163,
  settimeofday: 164,
  mount: 165,
  umount2: 166,
  swapon: 167,
  swapoff: 168,
  reboot: 169,
  iopl: 172,
  ioperm: 173,
  init_module: 175,
  delete_module: 176,
  quotactl: 179,
  clock_settime: 227,
  kexec_load: 246,
  add_key: 248,
  request_key: 249,
  keyctl: 250,
  unshare: 272,
  perf_event_open: 298,
  open_by_handle_at: 304,
  sendmmsg: 307,
  prlimit64: 302,
  setns: 308,
  process_vm_readv: 310,
  process_vm_writev: 311,
  finit_module: 313,
  kexec_file_load: 320,
  bpf: 321,
  userfaultfd: 323,
};

/** The kernel's include/uapi/asm-generic/unistd.h, which arm64 uses as it is. Not run on such a machine yet. */
const ARM64 = {
  ...COMMON,
  ioctl: 29,
  umount2: 39,
  mount: 40,
  pivot_root: 41,
  chroot: 51,
  quotactl: 60,
  acct: 89,
  capset: 91,
  unshare: 97,
  kexec_load: 104,
  init_module: 105,
  delete_module: 106,
  clock_settime: 112,
  syslog: 116,
  ptrace: 117,
  reboot: 142,
  setpgid: 154,
  setsid: 157,
  prctl: 167,
  settimeofday: 170,
  socket: 198,
  sendto: 206,
  sendmsg: 211,
  add_key: 217,
  request_key: 218,
  keyctl: 219,
  clone: 220,
  swapon: 224,
  swapoff: 225,
  perf_event_open: 241,
  open_by_handle_at: 265,
  prlimit64: 261,
  setns: 268,
  sendmmsg: 269,
  process_vm_readv: 270,
  process_vm_writev: 271,
  finit_module: 273,
  bpf: 280,
  userfaultfd: 282,
  kexec_file_load: 294,
};

export const ARCHITECTURES: Readonly<Record<string, Architecture>> = {
  x64: { auditArch: 0xc000003e, foreignFrom: 0x40000000, numbers: X64 },
  arm64: { auditArch: 0xc00000b7, foreignFrom: undefined, numbers: ARM64 },
};
