import type { ChangeStep } from './change-step.ts';
import { onlyAdds } from './expand-step.ts';

/**
 * The step with a schema of its own for what it moves out of sight, where something of that name lies in the change's
 * schema already: a table that was made, dropped and made again.
 */
export function keepApart(taken: readonly ChangeStep[], step: ChangeStep): ChangeStep {
  const moved = movedBy(step);
  if (!moved) return step;
  const earlier = taken.filter((each) => {
    const other = movedBy(each);
    return other?.name === moved.name && isWithin(other.schema, moved.schema);
  });
  return earlier.length === 0 ? step : ({ ...step, kept: `${moved.schema}x${earlier.length + 1}` } as ChangeStep);
}

function movedBy(step: ChangeStep): { readonly name: string; readonly schema: string } | undefined {
  if (step.kind === 'drop-table') return { name: step.table.name, schema: step.kept };
  if (step.kind === 'drop-enum') return { name: step.type.name, schema: step.kept };
  return step.kind === 'set-enum-values' && !onlyAdds(step) ? { name: step.type, schema: step.kept } : undefined;
}

/** Whether a schema is the change's own, or one that was made beside it. */
export function isWithin(schema: string, kept: string): boolean {
  return schema === kept || (schema.startsWith(`${kept}x`) && /^\d+$/.test(schema.slice(kept.length + 1)));
}
