import type { Node } from 'libpg-query';
import type { ProposedTable, SchemaProposal } from '../domain/schema-design.ts';
import { byteLength } from './identifiers.ts';
import { LIMITS } from './limits.ts';
import { parseMending } from './mend-statement.ts';
import { loadPostgresParser, type PostgresParser } from './postgres-parser.ts';
import { tableOf } from './read-proposal.ts';
import { hasTooManyWords, splitStatements } from './split-statements.ts';

/**
 * A proposal from a text of SQL, such as a user's own file: one table for each CREATE TABLE, with the statements that
 * belong to it. Nothing is refused here: what is not allowed or cannot be read goes along, for `checkProposal` to tell.
 */
export async function proposalFromSql(sqlText: string): Promise<SchemaProposal> {
  const parser = await loadPostgresParser();
  const isReadable = sqlText.isWellFormed() && !sqlText.includes('\0') && byteLength(sqlText) <= LIMITS.totalBytes;
  const pieces = isReadable ? splitStatements(sqlText) : undefined;
  if (!pieces || pieces.length > LIMITS.statements)
    return { tables: [{ tableName: '', createQuery: sqlText }], warnings: [] };
  const statements = pieces.map((text) => ({ text, ...lookAt(parser, text) }));
  return { tables: gather(statements), warnings: [] };
}

interface Seen {
  readonly creates: boolean;
  readonly table: string | undefined;
}

function lookAt(parser: PostgresParser, text: string): Seen {
  const isReadable = byteLength(text) <= LIMITS.statementBytes && !hasTooManyWords(text);
  const parsed = isReadable ? parseMending(parser, text) : undefined;
  const node: Node | undefined = parsed && 'nodes' in parsed ? parsed.nodes[0] : undefined;
  return { creates: node !== undefined && 'CreateStmt' in node, table: node && tableOf(node) };
}

/** Statements about a table go with it, whatever else there is with the first one. */
function gather(statements: readonly (Seen & { readonly text: string })[]): readonly ProposedTable[] {
  const created = statements.flatMap(({ creates, table }) => (creates && table !== undefined ? [table] : []));
  const names = [...new Set(created)];
  const first = names[0] ?? '';
  const home = ({ table }: Seen) => (table !== undefined && names.includes(table) ? table : first);
  return (names.length > 0 ? names : ['']).map((tableName) => {
    const own = statements.filter((statement) => home(statement) === tableName);
    return { tableName, createQuery: own.map(({ text }) => `${text};`).join('\n') };
  });
}
