import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SystemCallPolicy } from './launch-policy.ts';
import { filterProgram, type Instruction } from './system-call-filter.ts';
import { ARCHITECTURES, type Architecture } from './system-call-numbers.ts';

const [ALLOW, EPERM, ENOSYS, KILL] = [0x7fff0000, 0x00050001, 0x00050026, 0x80000000];
const STRICT: SystemCallPolicy = { unixSockets: false, leaveGroup: false };

/** What the kernel would answer: the machine that classic BPF is written for, as far as the filter uses it. */
function answerOf(program: readonly Instruction[], data: ReadonlyMap<number, number>): number {
  let accumulator = 0;
  for (let index = 0; index < program.length; index++) {
    const { code, ifTrue, ifFalse, value } = program[index] as Instruction;
    if (code === 0x06) return value;
    if (code === 0x20) accumulator = data.get(value) ?? 0;
    else if (code === 0x54) accumulator &= value;
    else index += jumps(code, accumulator, value) ? ifTrue : ifFalse;
  }
  return assert.fail('the program ends without an answer');
}

function jumps(code: number, accumulator: number, value: number): boolean {
  if (code === 0x15) return accumulator === value;
  if (code === 0x35) return accumulator >= value;
  assert.equal(code, 0x45);
  return (accumulator & value) !== 0;
}

function calling(architecture: Architecture, policy: SystemCallPolicy) {
  const program = filterProgram(architecture, policy);
  return (name: string, ...values: readonly number[]): number => {
    const number = architecture.numbers[name] ?? assert.fail(name);
    const data = new Map([
      [0, number],
      [4, architecture.auditArch],
      ...values.map((value, index): [number, number] => [16 + index * 8, value]),
    ]);
    return answerOf(program, data);
  };
}

for (const [name, architecture] of Object.entries(ARCHITECTURES)) {
  test(`on ${name}, refuses what reaches out and lets the rest be`, () => {
    const call = calling(architecture, STRICT);
    for (const refused of ['ptrace', 'mount', 'unshare', 'setns', 'bpf', 'io_uring_setup', 'keyctl', 'setsid'])
      assert.equal(call(refused), EPERM, refused);
    for (const allowed of ['ioctl', 'prctl', 'landlock_restrict_self', 'prlimit64'])
      assert.equal(call(allowed), ALLOW, allowed);
    assert.equal(call('clone3'), ENOSYS);
  });

  test(`on ${name}, lets processes and threads be made, and no namespaces`, () => {
    const call = calling(architecture, STRICT);
    assert.equal(call('clone', 0x3d0f00), ALLOW);
    for (const flag of [0x20000, 0x2000000, 0x4000000, 0x8000000, 0x10000000, 0x20000000, 0x40000000])
      assert.equal(call('clone', flag | 17), EPERM, flag.toString(16));
  });

  test(`on ${name}, lets TCP alone be used, and connects be seen`, () => {
    const call = calling(architecture, STRICT);
    const [UNIX, INET, INET6, NETLINK, PACKET, NONBLOCK] = [1, 2, 10, 16, 17, 0x800];
    for (const family of [INET, INET6]) {
      assert.equal(call('socket', family, 1 | NONBLOCK, 0), ALLOW);
      assert.equal(call('socket', family, 1, 6), ALLOW);
      assert.equal(call('socket', family, 1, 262), EPERM, 'MPTCP');
      assert.equal(call('socket', family, 2, 0), EPERM, 'UDP');
      assert.equal(call('socket', family, 3, 1), EPERM, 'raw');
    }
    for (const family of [UNIX, NETLINK, PACKET, 0]) assert.equal(call('socket', family, 1, 0), EPERM, String(family));
    assert.equal(calling(architecture, { ...STRICT, unixSockets: true })('socket', UNIX, 1, 0), ALLOW);
    assert.equal(call('sendto', 3, 0, 0, 0x20000000), EPERM);
    assert.equal(call('sendmsg', 3, 0, 0x20004000), EPERM);
    assert.equal(call('sendmmsg', 3, 0, 0, 0x20000000), EPERM);
    assert.equal(call('sendto', 3, 0, 0, 0x4000), ALLOW);
  });
}

test('lets a group be left only where that leads nowhere', () => {
  const call = calling(ARCHITECTURES['x64'] as Architecture, { ...STRICT, leaveGroup: true });
  assert.deepEqual([call('setsid'), call('setpgid')], [ALLOW, ALLOW]);
});

test('ends a process that speaks another machine’s language, and refuses the numbers of x32', () => {
  const architecture = ARCHITECTURES['x64'] as Architecture;
  const program = filterProgram(architecture, STRICT);
  const i386 = 0x40000003;
  assert.equal(answerOf(program, new Map([[4, i386]])), KILL);
  assert.equal(
    answerOf(
      program,
      new Map([
        [0, 0x40000000 + 41],
        [4, architecture.auditArch],
      ]),
    ),
    EPERM,
  );
});
