import { TurboError } from '../../domain/errors.ts';
import type { GateResult, Receipt } from '../../domain/receipt.ts';
import type { Sandbox } from '../../sandbox/sandbox.ts';
import type { SourceFile } from '../../domain/source-file.ts';
import { renderReceiptPage, type VerificationRequest } from '../../verify/verify.ts';
import { keepApart } from '../keep-apart.ts';
import { readSource } from '../read-source.ts';
import type { RunContext } from '../run-context.ts';
import type { ProvidedDatabase } from './provide-database.ts';

/** Where the receipt lies in the project's folder. It is about a source, so it is no part of it. */
const RECEIPT_JSON = 'receipt/receipt.json';
const RECEIPT_PAGE = 'receipt/receipt.html';

/** Holds the written backend to the gates, on copies of its database. Rejects with `VERIFICATION_FAILED`. */
export async function verifyCode(context: RunContext, provided: ProvidedDatabase | undefined): Promise<void> {
  const { steps } = context;
  await context.begin('verify', 'Holding the backend to its gates');
  const receipt = await steps.step('verify', (signal) => verify(context, provided, signal));
  const failed = receipt.gates.find((gate) => gate.status === 'failed');
  if (failed) throw verificationFailed(failed);
  const passed = receipt.gates.filter((gate) => gate.status === 'passed').length;
  await context.end('verify', `${passed} gates passed`);
}

async function verify(
  context: RunContext,
  provided: ProvidedDatabase | undefined,
  signal: AbortSignal,
): Promise<Receipt> {
  const { order, ports, records } = context;
  const opened = await ports.sandboxes.open(order.projectId);
  const sandbox = ports.coder.kind === 'llm' ? await keepApart(opened) : opened;
  const { receipt, files } = await holdToGates(context, provided, sandbox, {
    signal,
    onGate: (gate) => context.progress('verify', `${gate.gate} ${gate.status}: ${gate.summary}`),
  });
  await writeReceipt(sandbox, receipt);
  const openapi: unknown = JSON.parse(files.find((file) => file.path === 'openapi.json')?.content ?? '{}');
  await records.recordBlueprint({ schema: provided?.schema, openapi });
  await records.update({ receipt, receiptPath: `${sandbox.directory}/${RECEIPT_JSON}` });
  return receipt;
}

/** Runs the gates on what lies in the sandbox, passed or not. */
export async function holdToGates(
  { order, ports, steps }: RunContext,
  provided: ProvidedDatabase | undefined,
  sandbox: Sandbox,
  options: Pick<VerificationRequest, 'signal' | 'onGate'>,
): Promise<{ readonly receipt: Receipt; readonly files: readonly SourceFile[] }> {
  const files = await readSource(sandbox);
  const receipt = await ports.verifyBackend({
    ...order,
    ...options,
    runId: steps.runId,
    planner: ports.planner.kind,
    design: provided?.design,
    database: provided && (await ports.cluster.open(provided.name)),
    earlierGates: provided?.gates ?? [],
    sandbox,
    files,
    versions: { ...ports.versions, node: sandbox.nodeVersion },
    cloneDatabase: () => ports.cluster.clone(provided?.name ?? '', steps.runId),
    dropClone: (name) => ports.cluster.drop(name),
  });
  return { receipt, files };
}

/** Leaves the receipt in the project's folder, for programs and for people. */
export async function writeReceipt(sandbox: Sandbox, receipt: Receipt): Promise<void> {
  await sandbox.writeFiles([
    { path: RECEIPT_JSON, content: `${JSON.stringify(receipt, null, 2)}\n` },
    { path: RECEIPT_PAGE, content: renderReceiptPage(receipt) },
  ]);
}

function verificationFailed(gate: GateResult): TurboError {
  const evidence = gate.evidence.slice(0, 5).map((line) => `\n  ${line}`);
  return new TurboError('VERIFICATION_FAILED', `The gate «${gate.gate}» failed: ${gate.summary}${evidence.join('')}`, {
    phase: 'verify',
    fix: 'Everything was taken back. Say the prompt in other words, or pass the schema with --schema file.sql.',
  });
}
