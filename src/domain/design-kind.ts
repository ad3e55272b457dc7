import type { SchemaProposal } from './schema-design.ts';

/** Where a design comes from: `given` by the user, `planned` from the prompt, or a `guess` of which the planner is not sure. */
export type DesignKind = 'given' | 'planned' | 'guess';

/** A planner that is less sure than this of its design is guessing (0 to 1). */
export const DESIGN_IS_GUESS_BELOW = 0.7;

export function designKind(proposal: SchemaProposal, isOwnSql: boolean): DesignKind {
  if (isOwnSql || proposal.given !== undefined) return 'given';
  return (proposal.confidence ?? 1) < DESIGN_IS_GUESS_BELOW ? 'guess' : 'planned';
}
