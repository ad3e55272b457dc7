import { TurboError } from '../domain/errors.ts';
import type { ChangeAsked } from '../pipeline/changes/plan-change.ts';
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
  const { prompt, sql } = request;
  if (sql !== undefined)
    return { kind: 'change', prompt: prompt || firstLine(sql), sql, reasoning: 'The given statements.', warnings: [] };
  if (project.databaseName === undefined)
    throw new TurboError('USAGE', `${project.name} keeps no data, so there is no schema to change`);
  const { schema } = await parts.ports.cluster.open(project.databaseName);
  const proposal = await parts.ports.planner.proposeChange(prompt, schema, AbortSignal.timeout(120_000));
  return { kind: 'change', prompt, ...proposal };
}

function firstLine(sql: string): string {
  const line = sql.trim().replaceAll(/\s+/g, ' ');
  return line.length > 100 ? `${line.slice(0, 99)}…` : line;
}
