import { createHash } from 'node:crypto';
import type { z } from 'zod';
import { covers, type Caller } from '../domain/api-key.ts';
import { TurboError } from '../domain/errors.ts';
import type { TurboBackend } from '../turbobackend.ts';
import type { Operation, OperationContext } from './operation.ts';

/** A call as a door hands it on. */
export interface OperationCall {
  readonly backend: TurboBackend;
  readonly caller: Caller;
  readonly signal: AbortSignal;
  /** Whether a person answers for what the input agrees to; false when missing. */
  readonly isPersons?: boolean | undefined;
  /** The caller's own name for the call, where the operation is repeatable. */
  readonly idempotencyKey?: string | undefined;
}

export interface OperationAnswer {
  readonly output: Readonly<Record<string, unknown>>;
  /** True when the answer is that of an earlier call. */
  readonly repeated: boolean;
}

const LONGEST_KEY = 200;

/**
 * Checks the caller's scope and the input and runs the operation. Rejects with `FORBIDDEN`, with `USAGE` whose cause is
 * the `ZodError`, and with what the operation rejects with.
 */
export async function callOperation(
  operation: Operation,
  input: unknown,
  call: OperationCall,
): Promise<OperationAnswer> {
  requireScope(operation, call.caller);
  const read = readInput(operation, input);
  const run = (token: string | undefined): Promise<Readonly<Record<string, unknown>>> =>
    operation.run(read, contextOf(call, token));
  if (!operation.isRepeatable || call.idempotencyKey === undefined) {
    return { output: await run(undefined), repeated: false };
  }
  const repeatable = {
    ownerId: call.caller.ownerId,
    key: readKey(call.idempotencyKey),
    requestHash: hashOf(operation.name, read),
  };
  const { answer, repeated } = await call.backend.answerOnce(repeatable, run);
  return { output: answer as OperationAnswer['output'], repeated };
}

function requireScope({ name, scope }: Operation, caller: Caller): void {
  if (covers(caller.scope, scope)) return;
  throw new TurboError('FORBIDDEN', `${name} needs the scope ${scope}; the key has ${caller.scope}`, {
    fix: `Use a key with the scope ${scope}: turbobackend keys create --scope ${scope}.`,
  });
}

function readInput(operation: Operation, input: unknown): Readonly<Record<string, unknown>> {
  const broken = brokenText(input, []);
  const parsed = operation.input.safeParse(input);
  if (parsed.success && broken === undefined) return parsed.data;
  if (parsed.success) {
    throw new TurboError('USAGE', `${broken?.join('.')}: is no text, as it holds half of a surrogate pair`, {
      fix: 'Send every character whole: outside the basic plane it is two \\u escapes.',
    });
  }
  throw new TurboError('USAGE', parsed.error.issues.map(describeIssue).join('; '), {
    cause: parsed.error,
    fix: `See what ${operation.name} takes in its documentation.`,
  });
}

/** Where the input holds a string that is no Unicode, which neither Postgres nor a model takes. */
function brokenText(value: unknown, path: readonly string[]): readonly string[] | undefined {
  if (typeof value === 'string') return value.isWellFormed() ? undefined : path;
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [name, part] of Object.entries(value)) {
    const found = name.isWellFormed() ? brokenText(part, [...path, name]) : path;
    if (found) return found;
  }
  return undefined;
}

function describeIssue(issue: z.core.$ZodIssue): string {
  return issue.path.length === 0 ? issue.message : `${issue.path.join('.')}: ${issue.message}`;
}

function contextOf(call: OperationCall, token: string | undefined): OperationContext {
  const { backend, caller, signal, isPersons = false } = call;
  return { backend: backend.forOwner(caller.ownerId), keys: backend.keys, caller, signal, isPersons, token };
}

function readKey(key: string): string {
  if (key.length > 0 && key.length <= LONGEST_KEY && /^[\x21-\x7e]+$/.test(key)) return key;
  throw new TurboError('USAGE', `An idempotency key is 1 to ${LONGEST_KEY} visible ASCII characters`, {
    fix: 'Use a random UUID.',
  });
}

/** Input that was read has its fields in the schema's order, so equal input has equal JSON. */
function hashOf(name: string, input: object): string {
  return createHash('sha256')
    .update(JSON.stringify([name, input]))
    .digest('hex');
}
