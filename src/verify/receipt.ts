import { createHash } from 'node:crypto';
import { GATES, type GateResult, type Receipt } from '../domain/receipt.ts';
import type { SchemaDesign } from '../domain/schema-design.ts';
import { sourceHash } from '../domain/source-file.ts';
import type { VerificationRequest } from './verification-request.ts';

/** The receipt for what was asked, with the gates in the order of `GATES`. */
export function makeReceipt(request: VerificationRequest, gates: readonly GateResult[]): Receipt {
  return {
    version: 1,
    runId: request.runId,
    projectId: request.projectId,
    name: request.name,
    prompt: request.prompt,
    planner: request.planner,
    schemaHash: request.design ? schemaHash(request.design) : null,
    design: request.design ? (request.designKind ?? 'planned') : null,
    access: request.access,
    sourceHash: sourceHash(request.files),
    versions: request.versions,
    sandbox: request.sandbox.guarantees,
    gates: inOrder(gates),
    passed: noneFailed(gates),
    createdAt: Math.floor(Date.now() / 1000),
  };
}

/** The receipt with one more gate; a gate of the same name is replaced. */
export function addGate(receipt: Receipt, gate: GateResult): Receipt {
  const gates = inOrder([...receipt.gates.filter((other) => other.gate !== gate.gate), gate]);
  return { ...receipt, gates, passed: noneFailed(gates) };
}

function schemaHash(design: SchemaDesign): string {
  return createHash('sha256')
    .update(design.statements.map((statement) => `${statement.sql};\n`).join(''))
    .digest('hex');
}

function inOrder(gates: readonly GateResult[]): readonly GateResult[] {
  return gates.toSorted((a, b) => GATES.indexOf(a.gate) - GATES.indexOf(b.gate));
}

function noneFailed(gates: readonly GateResult[]): boolean {
  return gates.every((gate) => gate.status !== 'failed');
}
