import { TurboError } from '../../domain/errors.ts';
import type { Receipt } from '../../domain/receipt.ts';
import { openForCode } from '../keep-apart.ts';
import { phaseWithResult } from '../phase.ts';
import { holdToGates, writeReceipt } from '../phases/verify-code.ts';
import type { RunContext, RunDatabase } from '../run-context.ts';

/** Holds the changed backend to the gates, on copies of the changed copy. Rejects with `VERIFICATION_FAILED`. */
export const verifyChange = phaseWithResult(
  'verify',
  'Holding the changed backend to its gates',
  async (run, database: RunDatabase | undefined) => {
    const { steps } = run;
    steps.undo('restore-receipt', () => restoreReceipt(run));
    const receipt = await steps.step('verify', async (signal) => {
      const options = {
        signal,
        onGate: (gate: Receipt['gates'][number]) => run.progress(`${gate.gate} ${gate.status}: ${gate.summary}`),
      };
      return (await holdToGates(run, database, await openForCode(run), options)).receipt;
    });
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

async function restoreReceipt({ order, ports, records }: RunContext): Promise<void> {
  const receipt = await records.loadReceipt();
  if (receipt) await writeReceipt(await ports.sandboxes.open(order.projectId), receipt);
}
