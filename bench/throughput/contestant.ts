import type { CpuMs } from '../measure/cpu-time.ts';
import type { Question } from './questions.ts';

export interface Sample {
  readonly perSecond: number;
  /** Undefined where nobody measures it. */
  readonly p50Ms?: number | undefined;
  readonly p99Ms?: number | undefined;
  /** Microseconds of CPU for each request. */
  readonly serverUs: CpuMs;
  readonly postgresUs: CpuMs;
}

/** One who answers the questions. */
export interface Contestant {
  readonly name: string;
  answer(question: Question): Promise<Sample>;
  stop(): Promise<void>;
}
