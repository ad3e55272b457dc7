import { createRequire } from 'node:module';
import { ARCHITECTURES, type Architecture } from './system-call-numbers.ts';

/** Calls into the C library of this process. */
export interface NativeCalls {
  readonly architecture: Architecture;
  /** Memory that stays where it is for as long as the process lives. */
  buffer(sizeBytes: number): Buffer;
  /** A C string. */
  text(value: string): bigint;
  addressOf(buffer: Buffer): bigint;
  /** A system call by name; negative when it failed. */
  call(name: string, ...values: readonly (number | bigint)[]): number;
  /** The same, throwing when it failed. */
  must(name: string, ...values: readonly (number | bigint)[]): number;
  setLimit(resource: number, value: number): void;
}

interface ForeignFunctions {
  dlopen(
    library: null,
    functions: Readonly<Record<string, { readonly arguments: readonly string[]; readonly return: string }>>,
  ): { readonly functions: Readonly<Record<string, (...values: readonly bigint[]) => bigint>> };
  getRawPointer(buffer: Buffer): bigint;
}

/** Throws where Node has no `node:ffi` (before 26.9) and on processors whose system calls we do not know. */
export function openNativeCalls(): NativeCalls {
  const architecture = ARCHITECTURES[process.arch];
  if (process.platform !== 'linux' || architecture === undefined)
    throw new Error(`no system calls are known for ${process.platform} on ${process.arch}`);
  const foreign = foreignFunctions();
  const { functions } = foreign.dlopen(null, {
    syscall: { arguments: ['i64', 'i64', 'i64', 'i64', 'i64', 'i64'], return: 'i64' },
  });
  const systemCall = functions['syscall'] as (...values: readonly bigint[]) => bigint;
  const kept: Buffer[] = [];

  const buffer = (sizeBytes: number): Buffer => {
    const memory = Buffer.from(new ArrayBuffer(sizeBytes));
    kept.push(memory);
    return memory;
  };
  const call = (name: string, ...values: readonly (number | bigint)[]): number => {
    const number = architecture.numbers[name];
    if (number === undefined) throw new Error(`${name} is no system call of ${process.arch}`);
    const all = [number, ...values, 0, 0, 0, 0, 0].slice(0, 6).map(BigInt);
    return Number(systemCall(...all));
  };
  const must = (name: string, ...values: readonly (number | bigint)[]): number => {
    const result = call(name, ...values);
    if (result < 0) throw new Error(`${name}(${values.map(String).join(', ')}) was refused`);
    return result;
  };
  return {
    architecture,
    buffer,
    text: (value) => {
      const memory = buffer(Buffer.byteLength(value) + 1);
      memory.write(value);
      return foreign.getRawPointer(memory);
    },
    addressOf: (memory) => foreign.getRawPointer(memory),
    call,
    must,
    setLimit(resource, value) {
      const memory = buffer(16);
      memory.writeBigUInt64LE(BigInt(value), 0);
      memory.writeBigUInt64LE(BigInt(value), 8);
      must('prlimit64', 0, resource, foreign.getRawPointer(memory));
    },
  };
}

function foreignFunctions(): ForeignFunctions {
  try {
    return createRequire(import.meta.url)('node:ffi') as ForeignFunctions;
  } catch (cause) {
    throw new Error(`Node ${process.version} has no node:ffi, which 26.9 brought`, { cause });
  }
}
