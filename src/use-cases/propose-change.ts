import { countOf } from '../domain/count-of.ts';
import { TurboError } from '../domain/errors.ts';
import type { ChangeAsked } from '../pipeline/changes/plan-change.ts';
import { proposalFromSql } from '../schema/schema.ts';
import type { ProjectRecord } from '../store/projects.ts';
import type { ChangeRequest } from '../turbobackend.ts';
import type { UseCaseParts } from './use-case-parts.ts';

type Asked = Extract<ChangeAsked, { kind: 'change' }>;

/** What is asked for as SQL statements: those that were given, or what the planner makes of the sentence. */
export async function proposeChange(
  parts: UseCaseParts,
  project: ProjectRecord,
  request: Extract<ChangeRequest, { kind: 'change' }>,
): Promise<Asked> {
  const { prompt, sql, targetSchema } = request;
  if (targetSchema !== undefined) return targetAsked(parts, { ...request, targetSchema });
  if (sql !== undefined)
    return { kind: 'change', prompt: prompt || firstLine(sql), sql, reasoning: 'The given statements.', warnings: [] };
  if (project.databaseName === undefined)
    throw new TurboError('USAGE', `${project.name} keeps no data, so there is no schema to change`);
  const { schema } = await parts.ports.cluster.open(project.databaseName);
  const proposal = await parts.ports.planner.proposeChange(prompt, schema, AbortSignal.timeout(120_000));
  return { kind: 'change', prompt, ...proposal };
}

/** SQL is read as it is; another notation by the reader that knows it. */
async function targetAsked(
  { readNotation }: UseCaseParts,
  {
    prompt,
    sql,
    targetSchema,
    renames = [],
  }: Extract<ChangeRequest, { kind: 'change' }> & { readonly targetSchema: string },
): Promise<Asked> {
  if (sql !== undefined)
    throw new TurboError('USAGE', 'Statements and a target schema were given', { fix: 'Leave one of them out.' });
  const isSql = /\b(?:create|alter)\s+(?:unlogged\s+)?(?:table|type)\b/i.test(targetSchema);
  const proposal = (isSql ? undefined : await readNotation(targetSchema)) ?? (await proposalFromSql(targetSchema));
  return {
    kind: 'change',
    prompt: prompt || `To the given schema of ${countOf(proposal.tables.length, 'table')}`,
    sql: { proposal, renames },
    reasoning: `What leads from the schema there is to the given one${proposal.given === undefined ? '' : `, read as a ${proposal.given}`}.`,
    warnings: proposal.warnings,
  };
}

function firstLine(sql: string): string {
  const line = sql.trim().replaceAll(/\s+/g, ' ');
  return line.length > 100 ? `${line.slice(0, 99)}…` : line;
}
