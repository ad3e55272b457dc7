import type { z } from 'zod';
import type { Caller, Scope } from '../domain/api-key.ts';
import type { KeyRing, OwnerBackend } from '../turbobackend.ts';

/** What an operation works with: the caller's own things and nobody else's. */
export interface OperationContext {
  readonly backend: OwnerBackend;
  readonly keys: KeyRing;
  readonly caller: Caller;
  /** Aborts when nobody waits for the answer any more. */
  readonly signal: AbortSignal;
  /** Whether a person answers for what the input agrees to: theirs is the key, or the door has asked them. */
  readonly isPersons: boolean;
  /** What the effect of a repeatable operation is named by; undefined when the caller did not name the call. */
  readonly token: string | undefined;
}

/** What an operation does to the world, in the words that AI editors decide by. */
export interface OperationAnnotations {
  readonly readOnly: boolean;
  /** What was there before may be gone. */
  readonly destructive: boolean;
  /** A second call with the same input changes nothing more. */
  readonly idempotent: boolean;
  /** The answer may hold text that neither the caller nor we wrote. */
  readonly openWorld: boolean;
}

interface HttpBinding {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** Fields of the input in braces; the others are the query of a GET or DELETE and the body of a POST. */
  readonly path: string;
  /** The heading that it is documented under. */
  readonly tag: 'Plans' | 'Projects' | 'Changes' | 'Data' | 'Runs' | 'Account';
  readonly status?: 200 | 201 | 202;
  /** Where what was made can be found; an answer's `Location`. */
  readonly location?: (output: Readonly<Record<string, unknown>>) => string;
}

/** What only a person may say of an input: models are not offered the fields that say it. */
interface PersonsConsent {
  readonly fields: readonly string[];
  /** What says it, given the name of the project as the person has typed it. */
  readonly given: (typed: unknown) => Readonly<Record<string, unknown>>;
  /** What a person runs in a terminal for the same. */
  readonly command: (input: Readonly<Record<string, unknown>>) => string;
}

/** Something that can be asked of us, by every door in the same way. */
export interface Operation {
  /** snake_case, verb first. */
  readonly name: string;
  readonly title: string;
  readonly description: string;
  /** The least that a key must allow. */
  readonly scope: Scope;
  readonly input: z.ZodObject;
  readonly output: z.ZodObject;
  readonly annotations: OperationAnnotations;
  readonly http: HttpBinding;
  readonly consent?: PersonsConsent;
  /** Whether AI editors get it as a tool. */
  readonly isTool: boolean;
  /** Whether its caller can name the call, so that it has its effect once. */
  readonly isRepeatable: boolean;
  run(input: Readonly<Record<string, unknown>>, context: OperationContext): Promise<Readonly<Record<string, unknown>>>;
}

type Definition<Input extends z.ZodObject, Output extends z.ZodObject> = Omit<
  Operation,
  'input' | 'output' | 'run' | 'isTool' | 'isRepeatable'
> & {
  readonly input: Input;
  readonly output: Output;
  readonly isTool?: boolean;
  readonly isRepeatable?: boolean;
  readonly run: (input: z.output<Input>, context: OperationContext) => Promise<z.input<Output>>;
};

/** An operation whose `run` is held to its input and output. It must only be called with input that `input` has read. */
export function defineOperation<Input extends z.ZodObject, Output extends z.ZodObject>(
  definition: Definition<Input, Output>,
): Operation {
  return {
    isTool: true,
    isRepeatable: false,
    ...definition,
    run: (input, context) => definition.run(input as z.output<Input>, context),
  };
}

/** Only looks, at what we made ourselves. */
export const READS: OperationAnnotations = { readOnly: true, destructive: false, idempotent: true, openWorld: false };

/** Only looks, at what may have been written by anybody. */
export const READS_FOREIGN_TEXT: OperationAnnotations = { ...READS, openWorld: true };
