import { quoteIdentifier } from '../schema/schema.ts';
import type { PostgresParser, SchemaDraft } from '../schema/drafts.ts';
import { applyStep } from './apply-step.ts';
import type { ChangeStep } from './change-step.ts';
import { emitStep } from './emit-step.ts';
import { expandStep, type Keeper } from './expand-step.ts';
import { invertStep } from './invert-step.ts';
import { isWithin, keepApart } from './keep-apart.ts';
import { asFarAsItGoes } from './run-statement.ts';

/** One step as it is run, one way. */
export interface ScriptStep {
  readonly step: ChangeStep;
  /** For the database with rows. */
  readonly live: readonly string[];
  /** For an empty one: what stands in the migration file. */
  readonly plain: readonly string[];
}

/** Steps with the statements that they come to on this draft, in order. Throws where one cannot be written down. */
export function scriptOf(
  parser: PostgresParser,
  draft: SchemaDraft,
  steps: readonly ChangeStep[],
): readonly ScriptStep[] {
  let current = draft;
  return steps.map((step) => {
    const sql = emitStep(parser, current, step);
    current = applyStep(current, step);
    return { step, ...sql };
  });
}

/** The steps that lead back, newest first, on the draft that the steps have led to. */
export function invertSteps(
  draft: SchemaDraft,
  steps: readonly ChangeStep[],
  keep: Keeper,
): { readonly steps: readonly ChangeStep[]; readonly target: SchemaDraft } {
  return steps.toReversed().reduce<{ steps: readonly ChangeStep[]; target: SchemaDraft }>(
    (back, step) =>
      goingAlong(back.target, invertStep(step, keep), keep).reduce(
        ({ steps: taken, target }, each) => ({
          steps: [...taken, keepApart(taken, each)],
          target: applyStep(target, each),
        }),
        back,
      ),
    { steps: [], target: draft },
  );
}

/** The names that followed a renaming are steps of their own already. */
function goingAlong(draft: SchemaDraft, step: ChangeStep, keep: Keeper): readonly ChangeStep[] {
  return step.kind.startsWith('rename-') ? [step] : expandStep(draft, step, keep);
}

/** What runs in the one transaction: with the schema for what is kept, and without those that are empty afterwards. */
export function transactionOf(script: readonly ScriptStep[], keptSchema: string): readonly string[] {
  const live = script.flatMap((step) => step.live);
  const emptied = schemasIn(live).filter((name) => !isWithin(name, keptSchema));
  return [
    ...schemasFor(live, keptSchema),
    ...live,
    ...emptied.map((name) => asFarAsItGoes(`DROP SCHEMA IF EXISTS ${quoteIdentifier(name)}`)),
  ];
}

/** What makes the schemas that the statements keep something in. */
export function schemasFor(live: readonly string[], keptSchema: string): readonly string[] {
  return schemasIn(live)
    .filter((name) => isWithin(name, keptSchema))
    .map((name) => `CREATE SCHEMA IF NOT EXISTS ${quoteIdentifier(name)}`);
}

function schemasIn(live: readonly string[]): readonly string[] {
  return [...new Set(live.flatMap((sql) => sql.match(/\btb_kept_\w+\b/g) ?? []))];
}
