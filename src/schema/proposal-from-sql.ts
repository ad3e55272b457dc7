import type { ProposedTable, SchemaProposal } from '../domain/schema-design.ts';
import { readDump, type DumpStatement } from './dump/read-dump.ts';
import { byteLength } from './identifiers.ts';
import { LIMITS } from './limits.ts';
import { loadPostgresParser } from './postgres-parser.ts';
import { tableOf } from './read-proposal.ts';
import { splitStatements, takeMetaCommands } from './split-statements.ts';

/** Of a dump before anything is left out of it; parsing them takes a second. */
const MOST_PIECES = 5000;

/**
 * A proposal from a text of SQL, such as a user's own file: one table for each CREATE TABLE, with the statements that
 * belong to it. The warnings tell what was left out of a dump. Nothing is refused here: what is not allowed or cannot be
 * read goes along, for `checkProposal` to tell.
 */
export async function proposalFromSql(sqlText: string): Promise<SchemaProposal> {
  const parser = await loadPostgresParser();
  const isReadable = sqlText.isWellFormed() && !sqlText.includes('\0') && byteLength(sqlText) <= LIMITS.totalBytes;
  const { sql, commands } = isReadable ? takeMetaCommands(sqlText) : { sql: sqlText, commands: [] };
  const pieces = isReadable ? splitStatements(sql) : undefined;
  if (!pieces || pieces.length > MOST_PIECES) return asItIs(sqlText);

  const { statements, notes, isSchema } = readDump(parser, pieces);
  const refused = commands.filter((command) => !isSchema || !HARMLESS_COMMAND.test(command));
  const left = refused.length < commands.length ? ['Left out: lines for psql; they are no SQL'] : [];
  const all = [...statements, ...refused.map((text) => ({ text, node: undefined }))];
  if (all.length > LIMITS.statements) return asItIs(all.map(({ text }) => `${text};\n`).join(''));
  return { tables: gather(all), warnings: [...notes, ...left] };
}

/** Commands that say how psql itself behaves, not what there is to run. */
const HARMLESS_COMMAND = /^\\(?:un)?restrict\b|^\\(?:c|connect|encoding|set|unset|pset|echo|qecho|warn|timing|q)\b/;

function asItIs(createQuery: string): SchemaProposal {
  return { tables: [{ tableName: '', createQuery }], warnings: [] };
}

/** Statements about a table go with it, whatever else there is with the first one. */
function gather(statements: readonly DumpStatement[]): readonly ProposedTable[] {
  const created = statements.flatMap(({ node }) => (node && 'CreateStmt' in node ? (tableOf(node) ?? []) : []));
  const names = [...new Set(created)];
  const first = names[0] ?? '';
  const home = ({ node }: DumpStatement) => {
    const table = node && tableOf(node);
    return table !== undefined && names.includes(table) ? table : first;
  };
  return (names.length > 0 ? names : ['']).map((tableName) => {
    const own = statements.filter((statement) => home(statement) === tableName);
    return { tableName, createQuery: own.map(({ text }) => `${text};`).join('\n') };
  });
}
