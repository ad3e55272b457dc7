import type { ChangeStep } from './change-step.ts';
import { onlyAdds, type Keeper } from './expand-step.ts';

/**
 * What takes the step back. What it added is kept, not thrown away, in a place that `keep` hands out; what it kept comes
 * back. A constraint comes back as far as the rows that were written since allow.
 */
export function invertStep(step: ChangeStep, keep: Keeper): ChangeStep {
  switch (step.kind) {
    case 'create-enum':
      return { kind: 'drop-enum', type: step.type, kept: keep().schema };
    case 'drop-enum':
      return { ...step, kind: 'restore-enum' };
    case 'restore-enum':
      return { kind: 'drop-enum', type: step.type, kept: keep().schema };
    case 'set-enum-values':
      return {
        kind: 'set-enum-values',
        type: step.type,
        from: step.to,
        to: step.from,
        kept: keep().schema,
        // Several changes that come back do so in one transaction, and one may use what another adds.
        remake: true,
        ...(onlyAdds(step) ? {} : { restores: step.kept }),
      };
    case 'rename-enum':
    case 'rename-enum-value':
    case 'rename-table':
    case 'rename-column':
    case 'rename-constraint':
    case 'rename-index':
    case 'rename-sequence':
      return { ...step, from: step.to, to: step.from };
    case 'create-table':
    case 'restore-table':
      return { kind: 'drop-table', table: step.table, kept: keep().schema };
    case 'drop-table':
      return { ...step, kind: 'restore-table' };
    case 'add-column':
    case 'restore-column':
      return { kind: 'drop-column', table: step.table, column: step.column, kept: keep() };
    case 'drop-column':
      return { ...step, kind: 'restore-column' };
    case 'set-type':
      return { ...step, from: step.to, to: step.from, using: undefined, kept: keep(), restores: step.kept };
    case 'set-nullable':
      return { ...step, nullable: !step.nullable };
    case 'set-counter':
      return { ...step, from: step.to, to: step.from };
    case 'set-default':
      return { ...step, from: step.to, to: step.from };
    case 'set-comment':
      return { ...step, from: step.to, to: step.from };
    case 'add-constraint':
      return { kind: 'drop-constraint', table: step.table, constraint: step.constraint };
    case 'drop-constraint':
      return { kind: 'add-constraint', table: step.table, constraint: step.constraint, returns: true };
    case 'create-index':
      return { kind: 'drop-index', table: step.table, index: step.index };
    case 'drop-index':
      return { kind: 'create-index', table: step.table, index: step.index, returns: true };
    case 'fill-column':
      return { kind: 'unfill-column', table: step.table, column: step.column, kept: step.kept, redo: step };
    case 'copy-rows':
    case 'leave-rows':
      // The table comes back with its rows.
      return { ...step, kind: 'leave-rows' };
    case 'unfill-column':
      return { ...step.redo, kept: keep() };
  }
}
