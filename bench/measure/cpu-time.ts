import { readdirSync, readFileSync } from 'node:fs';

/** Processor time in milliseconds; undefined where there is no /proc to read it from. */
export type CpuMs = number | undefined;

/** Linux counts in hundredths of a second for programs, whatever its own clock's rate is. */
const TICK_MS = 10;

/** Of the process and its threads. */
export function cpuMsOf(pid: number): CpuMs {
  const times = readTimes(pid);
  return times && times.ownMs;
}

/** Of a server that answers with child processes, such as Postgres: it, the children it has and those it had. */
export function familyCpuMsOf(pid: number): CpuMs {
  for (;;) {
    const parent = readTimes(pid);
    if (!parent) return undefined;
    const children = readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .flatMap((name) => readTimes(Number(name)) ?? [])
      .filter((times) => times.parentPid === pid);
    // A child that ended meanwhile would be missed on both sides.
    if (readTimes(pid)?.endedChildrenMs !== parent.endedChildrenMs) continue;
    return children.reduce((sum, { ownMs }) => sum + ownMs, parent.ownMs + parent.endedChildrenMs);
  }
}

/** Of the child processes of ours that have ended, with those of theirs that they waited for. */
export function endedChildrenCpuMs(): CpuMs {
  return readTimes(process.pid)?.endedChildrenMs;
}

/** What was used between two readings. */
export function usedMs(before: CpuMs, after: CpuMs): CpuMs {
  return before === undefined || after === undefined ? undefined : after - before;
}

interface Times {
  readonly parentPid: number;
  readonly ownMs: number;
  readonly endedChildrenMs: number;
}

function readTimes(pid: number): Times | undefined {
  const status = readStatus(pid);
  if (status === undefined) return undefined;
  // The program's name stands in parentheses and may hold anything; the fields are counted from behind it.
  const fields = status.slice(status.lastIndexOf(')') + 2).split(' ');
  const field = (index: number): number => Number(fields[index]);
  return {
    parentPid: field(1),
    ownMs: (field(11) + field(12)) * TICK_MS,
    endedChildrenMs: (field(13) + field(14)) * TICK_MS,
  };
}

function readStatus(pid: number): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'latin1');
  } catch {
    return undefined;
  }
}
