import { TurboError } from '../../domain/errors.ts';
import type { GateResult, Receipt } from '../../domain/receipt.ts';
import type { Sandbox } from '../../sandbox/sandbox.ts';
import type { SourceFile } from '../../domain/source-file.ts';
import { renderReceiptPage, type VerificationRequest } from '../../verify/verify.ts';
import { openForCode } from '../keep-apart.ts';
import { phase, type PhaseContext } from '../phase.ts';
import { readSource } from '../read-source.ts';
import { whileClusterStays } from '../while-cluster-stays.ts';
import type { RunContext, RunDatabase } from '../run-context.ts';

/** Where the receipt lies in the project's folder. It is about a source, so it is no part of it. */
const RECEIPT_JSON = 'receipt/receipt.json';
const RECEIPT_PAGE = 'receipt/receipt.html';

/** Holds the written backend to the gates, on copies of its database. Rejects with `VERIFICATION_FAILED`. */
export const verifyCode = phase(
  'verify',
  'Holding the backend to its gates',
  async (run, database: RunDatabase | undefined) => {
    const receipt = await run.steps.step('verify', (signal) => verify(run, database, signal));
    const failed = receipt.gates.find((gate) => gate.status === 'failed');
    if (failed) throw verificationFailed(failed, run.order.schemaSql !== undefined);
    const passed = receipt.gates.filter((gate) => gate.status === 'passed').length;
    // The receipt counts one more: that of the deployed backend.
    return `${passed} gates passed; the deployed backend is the next`;
  },
);

async function verify(run: PhaseContext, database: RunDatabase | undefined, signal: AbortSignal): Promise<Receipt> {
  const { records } = run;
  const sandbox = await openForCode(run);
  const { receipt, files } = await holdToGates(run, database, sandbox, {
    signal,
    onGate: (gate) => run.progress(`${gate.gate} ${gate.status}: ${gate.summary}`),
  });
  await writeReceipt(sandbox, receipt);
  const openapi: unknown = JSON.parse(files.find((file) => file.path === 'openapi.json')?.content ?? '{}');
  await records.recordBlueprint({ schema: database?.schema, openapi });
  await records.update({ receipt, receiptPath: `${sandbox.directory}/${RECEIPT_JSON}` });
  return receipt;
}

/** What of a run its gates need to know. */
interface GatedRun extends Pick<RunContext, 'order' | 'ports'> {
  readonly steps: Pick<RunContext['steps'], 'runId'>;
}

/** Runs the gates on what lies in the sandbox, passed or not. */
export async function holdToGates(
  { order, ports, steps }: GatedRun,
  database: RunDatabase | undefined,
  sandbox: Sandbox,
  options: Pick<VerificationRequest, 'signal' | 'onGate'>,
): Promise<{ readonly receipt: Receipt; readonly files: readonly SourceFile[] }> {
  const files = await readSource(sandbox);
  const request: VerificationRequest = {
    ...order,
    ...options,
    runId: steps.runId,
    planner: ports.planner.kind,
    design: database?.design,
    designKind: database?.designKind,
    access: database?.access,
    database: database && (await ports.cluster.open(database.name)),
    originalName: order.databaseName,
    earlierGates: database?.gates ?? [],
    sandbox,
    files,
    versions: { ...ports.versions, node: sandbox.nodeVersion },
    cloneDatabase: () => ports.cluster.clone(database?.name ?? '', steps.runId),
    dropClone: (name) => ports.cluster.drop(name),
  };
  const receipt = await whileClusterStays(
    ports.cluster,
    () => ports.verifyBackend(request),
    ({ passed }) => passed,
  );
  return { receipt, files };
}

/** Leaves the receipt in the project's folder, for programs and for people. */
export async function writeReceipt(sandbox: Sandbox, receipt: Receipt): Promise<void> {
  await sandbox.writeFiles([
    { path: RECEIPT_JSON, content: `${JSON.stringify(receipt, null, 2)}\n` },
    { path: RECEIPT_PAGE, content: renderReceiptPage(receipt) },
  ]);
}

function verificationFailed(gate: GateResult, isSchemaGiven: boolean): TurboError {
  const evidence = gate.evidence.slice(0, 5).map((line) => `\n  ${line}`);
  return new TurboError('VERIFICATION_FAILED', `The gate «${gate.gate}» failed: ${gate.summary}${evidence.join('')}`, {
    phase: 'verify',
    fix: isSchemaGiven
      ? 'Everything was taken back. Change what the lines above name in the schema, or report them together with it.'
      : 'Everything was taken back. Say the prompt in other words, or pass the schema with --schema file.sql.',
  });
}
