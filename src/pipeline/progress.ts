import { PHASES, type Phase } from '../domain/run.ts';
import type { PhaseReports, RunRecords } from './run-context.ts';

/** Where each phase ends, in percent of a run. Shares of the time a run without a model takes, measured. */
const ENDS: Record<Phase, number> = {
  detect: 3,
  design: 8,
  provision: 15,
  sandbox: 20,
  rehearse: 25,
  code: 30,
  verify: 80,
  publish: 88,
  migrate: 92,
  deploy: 100,
};

/** How far a run is when the phase has just begun, or is over. 100 is kept for the run's own end. */
export function percentOf(phase: Phase, moment: 'begun' | 'over'): number {
  const before = PHASES[PHASES.indexOf(phase) - 1];
  const begun = before === undefined ? 1 : ENDS[before];
  return Math.min(99, moment === 'begun' ? begun : ENDS[phase]);
}

/** The run's events of its phases. Keys are made of the phase and a count, so a replay says the same again. */
export function reportTo(records: RunRecords): PhaseReports {
  const startedAtMs = new Map<Phase, number>();
  const counts = new Map<string, number>();
  const nextKey = (kind: string): string => {
    const count = (counts.get(kind) ?? 0) + 1;
    counts.set(kind, count);
    return `${kind}:${count}`;
  };
  return {
    async begin(phase, message) {
      startedAtMs.set(phase, Date.now());
      await records.append(`${phase}:started`, percentOf(phase, 'begun'), { type: 'phase-started', phase, message });
    },
    async progress(phase, message) {
      await records.append(nextKey(`${phase}:progress`), percentOf(phase, 'begun'), {
        type: 'phase-progress',
        phase,
        message,
      });
    },
    async warn(phase, message, missing) {
      await records.append(nextKey(`${phase}:warning`), percentOf(phase, 'begun'), {
        type: 'warning',
        phase,
        message,
        ...(missing && { missing }),
      });
    },
    async end(phase, message, status) {
      const durationMs = Date.now() - (startedAtMs.get(phase) ?? Date.now());
      await records.append(`${phase}:ended`, percentOf(phase, 'over'), {
        type: 'phase-ended',
        phase,
        status,
        message,
        durationMs,
      });
    },
  };
}
