import type { DatabaseSchema } from '../../domain/database-schema.ts';
import type { DatabaseNeed, DesignReason, EndpointSketch, SchemaProposal } from '../../domain/schema-design.ts';
import { readAccessWords } from '../access/access-words.ts';
import type { ChangeProposal, Objections, Planner } from '../planner.ts';
import { designSchema } from './design-schema.ts';
import { explainDesign } from './explain-design.ts';
import { detectNeed } from './detect-need.ts';
import { readFollowUp } from './follow-up/read-follow-up.ts';
import { needOfGiven } from './given/need-of-given.ts';
import { readGiven } from './given/read-given.ts';
import { proposeGiven } from './given/propose-given.ts';
import { repairProposal } from './repair-proposal.ts';
import { sketchEndpoints } from './sketch-endpoints.ts';

/** A schema in a notation other than SQL, a file of its own; undefined when it is none that is known. */
export async function readNotation(text: string): Promise<SchemaProposal | undefined> {
  const given = await readGiven(text);
  return given && { tables: given.tables, warnings: given.warnings, given: given.notation };
}

/**
 * Plans without a model: a schema that the prompt spells out is taken as it stands, prose is read by a clause grammar with a
 * library of entities and a small linear classifier. Always the same answer.
 */
export class BuiltinPlanner implements Planner {
  readonly kind = 'builtin';

  async detectNeed(prompt: string, signal: AbortSignal): Promise<DatabaseNeed> {
    signal.throwIfAborted();
    return (await needOfGiven(prompt)) ?? detectNeed(prompt);
  }

  async proposeSchema(prompt: string, signal: AbortSignal, objections?: Objections): Promise<SchemaProposal> {
    signal.throwIfAborted();
    if (objections !== undefined) return repairProposal(objections);
    return (await proposeGiven(prompt)) ?? designSchema(designPromptOf(prompt));
  }

  explainDesign(prompt: string, proposal: SchemaProposal): readonly DesignReason[] {
    return explainDesign(prompt, proposal);
  }

  async proposeChange(sentence: string, schema: DatabaseSchema, signal: AbortSignal): Promise<ChangeProposal> {
    signal.throwIfAborted();
    return readFollowUp(sentence, schema);
  }

  async sketchEndpoints(prompt: string, signal: AbortSignal): Promise<readonly EndpointSketch[]> {
    signal.throwIfAborted();
    return sketchEndpoints(prompt);
  }
}

/** In a long or structured text clauses are not read one by one, so that nothing of it is lost. */
const LONGEST_SENTENCE = 400;

/** Who may do what is no table: what the prompt says of it is said as what is kept. */
function designPromptOf(prompt: string): string {
  if (prompt.length > LONGEST_SENTENCE || /[(\n"]/.test(prompt)) return prompt;
  return readAccessWords(prompt).designPrompt;
}
