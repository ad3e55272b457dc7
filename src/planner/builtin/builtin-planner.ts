import type { DatabaseNeed, EndpointSketch, SchemaProposal } from '../../domain/schema-design.ts';
import type { Objections, Planner } from '../planner.ts';
import { designSchema } from './design-schema.ts';
import { detectNeed } from './detect-need.ts';
import { repairProposal } from './repair-proposal.ts';
import { sketchEndpoints } from './sketch-endpoints.ts';

/** Plans without a model: a clause grammar, a library of entities and a small linear classifier. Always the same answer. */
export class BuiltinPlanner implements Planner {
  readonly kind = 'builtin';

  async detectNeed(prompt: string, signal: AbortSignal): Promise<DatabaseNeed> {
    signal.throwIfAborted();
    return detectNeed(prompt);
  }

  async proposeSchema(prompt: string, signal: AbortSignal, objections?: Objections): Promise<SchemaProposal> {
    signal.throwIfAborted();
    return objections === undefined ? designSchema(prompt) : repairProposal(objections);
  }

  async sketchEndpoints(prompt: string, signal: AbortSignal): Promise<readonly EndpointSketch[]> {
    signal.throwIfAborted();
    return sketchEndpoints(prompt);
  }
}
