import type { Finding, SchemaDesign, SchemaProposal } from '../domain/schema-design.ts';
import { canonicalSql } from './canonical-sql.ts';
import { checkColumns } from './check-columns.ts';
import { checkFirstRows } from './check-first-rows.ts';
import { checkPostgresRules } from './check-postgres-rules.ts';
import { checkReferences, resolveReferences } from './check-references.ts';
import { emitStatements } from './emit-statements.ts';
import { applyHouseRules, tellHouseRules } from './house-rules/house-rules.ts';
import { nameConstraints } from './name-constraints.ts';
import { loadPostgresParser, type PostgresParser } from './postgres-parser.ts';
import { readProposal, type ReadProposal } from './read-proposal.ts';
import { toDatabaseSchema } from './to-database-schema.ts';

/** What came of a proposal: a design, or the findings that stand in its way. */
type SchemaCheck =
  | { readonly design: SchemaDesign; readonly findings: readonly Finding[] }
  | { readonly design: undefined; readonly findings: readonly Finding[] };

/**
 * Turns a proposal into a design, or tells everything that keeps it from being one; never rejects for bad input.
 * `houseRules`: `apply` changes a planner's or a model's design to our habits, `tell` leaves a user's own SQL as it is.
 */
export async function checkProposal(
  proposal: SchemaProposal,
  options: { readonly houseRules: 'apply' | 'tell' },
): Promise<SchemaCheck> {
  const parser = await loadPostgresParser();
  const applies = options.houseRules === 'apply';
  const findings: Finding[] = [];
  const read = readProposal(parser, proposal, applies, findings);
  findings.push(...checkColumns(proposal.tables, read.draft));
  if (!applies) findings.push(...tellHouseRules(read.draft));
  const draft = applies ? applyHouseRules(read.draft, findings) : read.draft;
  const design = complete(parser, { ...read, draft }, applies, findings);
  return design && !findings.some(({ severity }) => severity === 'error')
    ? { design: { ...design, findings }, findings }
    : { design: undefined, findings };
}

function complete(
  parser: PostgresParser,
  { draft, names }: ReadProposal,
  applies: boolean,
  findings: Finding[],
): Omit<SchemaDesign, 'findings'> | undefined {
  const resolved = resolveReferences(draft);
  findings.push(...checkReferences(resolved, names), ...checkPostgresRules(resolved), ...checkFirstRows(resolved));
  if (findings.some(({ severity }) => severity === 'error')) return undefined;
  const named = nameConstraints(resolved, applies);
  findings.push(...named.findings);
  const { statements, findings: misprints } = canonicalSql(parser, emitStatements(named.draft));
  findings.push(...misprints);
  return { schema: toDatabaseSchema(parser, named.draft), statements };
}
