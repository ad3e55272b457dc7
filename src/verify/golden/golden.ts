import type { ProvisionedDatabase } from '../../domain/provisioned-database.ts';
import type { GateResult } from '../../domain/receipt.ts';
import { Redactor } from '../../domain/redactor.ts';
import type { Sandbox } from '../../sandbox/sandbox.ts';
import { GateRunner, verificationError } from '../gate-runner.ts';
import { askAgain, askGolden, type GoldenAnswer } from './golden-answers.ts';
import { goldenGate, unanswered } from './golden-gate.ts';
import type { MeantDifferences } from './meant-differences.ts';
import { withRelease, type EarlierRelease } from './run-release.ts';

/** What the release from before answered on a copy of the database, before the change and after. */
export interface GoldenRecord {
  readonly answers: readonly GoldenAnswer[];
  /** Questions that it could not answer any more while the new schema was in place. */
  readonly unanswered: readonly string[];
  /** How long it took to become ready. */
  readonly readyMs: number;
}

export interface ReleaseOnCopy {
  readonly sandbox: Sandbox;
  readonly earlier: EarlierRelease;
  readonly copy: ProvisionedDatabase;
  readonly signal: AbortSignal;
}

/**
 * Asks the release from before on the copy, then `change`s the copy under it and asks again. `record` is undefined when
 * that release does not start: nothing can be compared then.
 */
export async function askOld<T>(
  { sandbox, earlier, copy, signal }: ReleaseOnCopy,
  change: () => Promise<T>,
): Promise<{ readonly result: T; readonly record: GoldenRecord | undefined }> {
  const asked = await withRelease(sandbox, earlier, copy, signal, async ({ client, readyMs }) => {
    const answers = await askGolden(client, signal);
    const result = await change();
    const again = await askAgain(client, answers, signal);
    return { result, record: { answers, readyMs, unanswered: unanswered(answers, again) } };
  });
  return asked ?? { result: await change(), record: undefined };
}

/** The gate `golden`, on the copy as the change leaves it and the source that lies in the sandbox. */
export async function replayGolden(
  { sandbox, copy, signal }: Omit<ReleaseOnCopy, 'earlier'>,
  record: GoldenRecord | undefined,
  meant: MeantDifferences,
): Promise<GateResult> {
  const redactor = new Redactor();
  redactor.add(copy.owner.password, copy.app.password, copy.reader.password);
  const runner = new GateRunner(redactor, signal, () => Promise.resolve());
  try {
    if (!record) await runner.skip(['golden'], 'the release from before did not start on the copy: nothing to compare');
    else await runner.run('golden', () => replay({ sandbox, copy, signal }, record, meant));
  } catch (cause) {
    throw verificationError(cause, signal);
  }
  const [result] = runner.results;
  if (!result) throw new Error('The gate gave no result');
  return result;
}

async function replay(
  { sandbox, copy, signal }: Omit<ReleaseOnCopy, 'earlier'>,
  { answers, unanswered: failing }: GoldenRecord,
  meant: MeantDifferences,
) {
  const outcome = await withRelease(sandbox, undefined, copy, signal, ({ client }) =>
    goldenGate(client, answers, meant, signal),
  );
  if (!outcome) {
    return { status: 'failed', summary: 'The new release did not start on the changed copy', evidence: [] } as const;
  }
  const served =
    failing.length === 0
      ? 'the release from before answered everything while the new schema was in place'
      : `the release from before could not answer ${failing.length} of ${answers.length} while the new schema was in place: ${failing.slice(0, 5).join(', ')}`;
  return { ...outcome, evidence: [served, ...outcome.evidence] };
}
