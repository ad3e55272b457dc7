import type { ChangeStep } from '../../changes/changes.ts';
import type { GoldenRecord } from '../../verify/verify.ts';

/** Whether a release that knows nothing of the step may be unable to read after it, so that it has to be asked. */
export function mayBreakReads(step: ChangeStep): boolean {
  if (step.kind === 'set-enum-values') return step.from.some((value) => !step.to.includes(value));
  return BREAKING.has(step.kind);
}

const BREAKING: ReadonlySet<ChangeStep['kind']> = new Set([
  'rename-table',
  'rename-column',
  'rename-enum',
  'rename-enum-value',
  'drop-table',
  'drop-column',
  'drop-enum',
  'set-type',
]);

export interface Pause {
  readonly steps: readonly ChangeStep[];
  /** Of the steps, on the copy. */
  readonly durationsMs: readonly number[];
  /** What the release that runs answered on the copy; undefined when it was not asked. */
  readonly record: GoldenRecord | undefined;
}

/** What has to be said of the time between the change of the database and the new release, a sentence each. */
export function pauseNeeded(pause: Pause): readonly string[] {
  const { record } = pause;
  const reads = record?.unanswered ?? [];
  const writes = unwritable(pause.steps);
  return [
    ...(record && reads.length > 0
      ? [
          `A pause of about ${lengthMs(pause)} ms: until the new release is up, the one that runs cannot answer ${reads.length} of ${record.answers.length} requests, such as ${reads[0]} (tried on the copy)`,
        ]
      : []),
    ...(writes.length > 0
      ? [
          `A pause of about ${lengthMs(pause)} ms for writers: until the new release is up, the one that runs gives no value for ${writes.join(', ')}`,
        ]
      : []),
  ];
}

const USUAL_READY_MS = 700;

/** A release shows that it starts before it takes over, so it starts twice. */
function lengthMs({ durationsMs, record }: Pause): number {
  return Math.round(durationsMs.reduce((sum, each) => sum + each, 0) + 2 * (record?.readyMs ?? USUAL_READY_MS));
}

/** Columns that must have a value, and that a release from before does not know of. */
function unwritable(steps: readonly ChangeStep[]): readonly string[] {
  const fresh = new Set(steps.flatMap((step) => (step.kind === 'create-table' ? [step.table.name] : [])));
  return steps.flatMap((step) => {
    if (step.kind !== 'add-column' && step.kind !== 'restore-column') return [];
    const { nullable, default: given, generated, identity, name, type } = step.column;
    const isFilled = nullable || given || generated || identity || type.name.endsWith('serial');
    return isFilled || fresh.has(step.table) ? [] : [`${step.table}.${name}`];
  });
}
