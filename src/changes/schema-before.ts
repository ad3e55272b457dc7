import type { DdlStatement } from '../domain/schema-design.ts';
import { canonicalSql, emitStatements, loadPostgresParser, readProposal } from '../schema/drafts.ts';
import { schemaSql } from '../schema/schema.ts';
import { invertSteps } from './change-script.ts';
import type { ChangeStep } from './change-step.ts';
import { keeperOf } from './plan-steps.ts';

/** The statements of a schema as they were before the steps that led to it, in the spelling of those after them. */
export async function schemaBefore(after: readonly DdlStatement[], steps: readonly ChangeStep[]): Promise<string> {
  const parser = await loadPostgresParser();
  const proposal = { tables: [{ tableName: '', createQuery: schemaSql(after) }], warnings: [] };
  const { draft } = readProposal(parser, proposal, false, []);
  const { target } = invertSteps(draft, steps, keeperOf('tb_kept'));
  return schemaSql(canonicalSql(parser, emitStatements(target)).statements);
}
