/** SQL text → checked design → our own statements, and what is drawn from them. No text from outside is ever run. */
export { accountStatements } from './account-statements.ts';
export { checkProposal } from './check-proposal.ts';
export { compareSchemas } from './compare-schemas.ts';
export { renderErSvg } from './er-svg.ts';
export { isReservedWord, quoteIdentifier } from './identifiers.ts';
export { renderMermaid } from './mermaid.ts';
export { proposalFromSql } from './proposal-from-sql.ts';
export { schemaSql } from './schema-sql.ts';
