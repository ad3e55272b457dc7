import type { DatabaseSchema } from '../../domain/database-schema.ts';
import { TurboError } from '../../domain/errors.ts';
import type { Receipt } from '../../domain/receipt.ts';
import { openForCode } from '../keep-apart.ts';
import { phaseWithResult, type PhaseContext } from '../phase.ts';
import { holdToGates, writeReceipt } from '../phases/verify-code.ts';
import type { RunContext } from '../run-context.ts';
import { meantBySteps } from './meant-by-steps.ts';
import { orderOf } from './order-of.ts';
import type { ChangedCopy } from './rehearse.ts';
import { addGate, replayGolden, type GoldenRecord, type MeantDifferences } from '../../verify/verify.ts';

/** Holds the changed backend to the gates, on copies of the changed copy. Rejects with `VERIFICATION_FAILED`. */
export const verifyChange = phaseWithResult(
  'verify',
  'Holding the changed backend to its gates',
  async (run, database: ChangedCopy | undefined) => {
    const { steps } = run;
    steps.undo('restore-receipt', () => restoreReceipt(run));
    const coded = await steps.step('verify', async (signal) => {
      const options = {
        signal,
        onGate: (gate: Receipt['gates'][number]) => run.progress(`${gate.gate} ${gate.status}: ${gate.summary}`),
      };
      return (await holdToGates(run, database, await openForCode(run), options)).receipt;
    });
    const receipt = database && coded.passed ? await compareAnswers(run, database, coded) : coded;
    if (database) await steps.step('drop-copy', () => run.ports.cluster.drop(database.name).then(() => null));
    const failed = receipt.gates.find((gate) => gate.status === 'failed');
    if (failed) {
      const evidence = failed.evidence.slice(0, 5).map((line) => `\n  ${line}`);
      throw new TurboError(
        'VERIFICATION_FAILED',
        `The gate «${failed.gate}» failed: ${failed.summary}${evidence.join('')}`,
        {
          phase: 'verify',
          fix: 'Nothing was changed. Mend what the gate names, or change the plan.',
        },
      );
    }
    return {
      summary: `${receipt.gates.filter((gate) => gate.status === 'passed').length} gates passed`,
      result: receipt,
    };
  },
);

/** The gate `golden`: the new release is asked on the changed copy what the one from before was asked on it. */
async function compareAnswers(run: PhaseContext, database: ChangedCopy, receipt: Receipt): Promise<Receipt> {
  const { ports, steps } = run;
  const gate = await steps.step('golden', async (signal) => {
    const copy = await ports.cluster.open(database.name);
    const record = database.golden === undefined ? undefined : await loadRecord(run, database.golden);
    return replayGolden({ sandbox: await openForCode(run), copy, signal }, record, await meantBy(run, copy.schema));
  });
  await run.progress(`${gate.gate} ${gate.status}: ${gate.summary}`);
  return addGate(receipt, gate);
}

async function loadRecord({ order, ports }: RunContext, archive: string): Promise<GoldenRecord> {
  const [file] = await ports.artifacts.load(order.projectId, archive);
  return JSON.parse(file?.content ?? '') as GoldenRecord;
}

async function meantBy({ order, ports }: RunContext, after: DatabaseSchema): Promise<MeantDifferences> {
  const { work } = orderOf({ order });
  const { schema: before } = await ports.cluster.open(order.databaseName ?? '');
  return meantBySteps(work.database?.steps ?? [], before, after, work.ownFiles);
}

async function restoreReceipt({ order, ports, records }: RunContext): Promise<void> {
  const receipt = await records.loadReceipt();
  if (receipt) await writeReceipt(await ports.sandboxes.open(order.projectId), receipt);
}
