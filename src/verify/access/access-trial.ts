import type { AccessAction, AccessPlan } from '../../domain/access.ts';
import type { Operation } from '../api-document.ts';
import type { HttpAnswer } from '../http-client.ts';
import type { CallInput, Prober } from '../prober.ts';
import type { Resource, Row } from '../smoke/resource.ts';
import type { Actor, Expectation, KnownRow } from './expectation.ts';
import { bearer } from './sign-up.ts';

/** What the parts of the gate share: who there is, what is expected and how it is asked. */
export interface AccessTrial {
  readonly plan: AccessPlan;
  readonly prober: Prober;
  readonly expectation: Expectation;
  readonly resources: readonly Resource[];
  /** Those with a role first, then two accounts without one. */
  readonly people: readonly Actor[];
  /** A row of the table that no one has sent yet; undefined when there are no more. */
  nextSample(resource: Resource): Row | undefined;
  /** Counts one comparison and notes a fault where it does not hold. */
  compare(answer: HttpAnswer, holds: boolean, expected: string): boolean;
}

export function everybody({ people }: AccessTrial): readonly (Actor | undefined)[] {
  return [undefined, ...people];
}

export function nameOf(actor: Actor | undefined): string {
  return actor?.name ?? 'nobody';
}

export function ask(
  trial: AccessTrial,
  actor: Actor | undefined,
  operation: Operation,
  input: CallInput = {},
): Promise<HttpAnswer> {
  return trial.prober.call(operation, { ...input, headers: { ...input.headers, ...bearer(actor) } });
}

/** What somebody is answered who may do it with no row at all. */
export function refusal(actor: Actor | undefined): number {
  return actor ? 403 : 401;
}

/** The status for doing it with a row that is there. */
export function statusFor(
  trial: AccessTrial,
  actor: Actor | undefined,
  action: AccessAction,
  row: KnownRow,
  done: number,
): number {
  const { expectation } = trial;
  if (expectation.may(actor, action, row)) return done;
  if (!expectation.applies(actor, row.resource, action)) return refusal(actor);
  return action !== 'read' && expectation.may(actor, 'read', row) ? 403 : 404;
}

/** Holds the answer to one status. */
export function expectStatus(
  trial: AccessTrial,
  answer: HttpAnswer,
  status: number,
  actor: Actor | undefined,
): boolean {
  return trial.compare(answer, answer.status === status, `${status} for ${nameOf(actor)}`);
}
