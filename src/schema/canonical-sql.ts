import type { DdlStatement, Finding } from '../domain/schema-design.ts';
import type { StatementTree } from './emit-statements.ts';
import type { PostgresParser } from './postgres-parser.ts';
import { sameSyntax } from './same-syntax.ts';

/**
 * Prints the statements, and parses each again: what would not be read as the tree that was checked (the printer is
 * known to have dropped clauses) is an error, never a statement.
 */
export function canonicalSql(
  parser: PostgresParser,
  trees: readonly StatementTree[],
): { readonly statements: readonly DdlStatement[]; readonly findings: readonly Finding[] } {
  const findings: Finding[] = [];
  const statements = trees.flatMap(({ kind, table, node }) => {
    const sql = printed(parser, node);
    if (sql !== undefined) return [{ kind, table, sql }];
    const message = `The ${kind}${table === undefined ? '' : ` of ${table}`} cannot be written down exactly as it was meant`;
    findings.push({ severity: 'error', code: 'not-printable', message, table, fix: 'Write it in a simpler way.' });
    return [];
  });
  return { statements, findings };
}

function printed(parser: PostgresParser, node: StatementTree['node']): string | undefined {
  try {
    const sql = parser.print(node).trim().replace(/;$/, '');
    return [tidied(sql), sql].find((text) => isRead(parser, text, node));
  } catch {
    return undefined;
  }
}

/** One line a constraint. It may not look like one inside a quoted text: then the text stays as it was printed. */
function tidied(sql: string): string {
  return sql
    .replaceAll(/\n {2,4}(?=UNIQUE|CHECK|FOREIGN KEY|REFERENCES|ON DELETE|ON UPDATE|DEFERRABLE|INITIALLY)/g, ' ')
    .replaceAll(/ {2,}(?=UNIQUE|CHECK|FOREIGN KEY)/g, ' ')
    .replaceAll('FOREIGN KEY(', 'FOREIGN KEY (')
    .replaceAll(/ +$/gm, '');
}

function isRead(parser: PostgresParser, sql: string, node: StatementTree['node']): boolean {
  const [again, ...more] = parser.parse(sql);
  return again !== undefined && more.length === 0 && sameSyntax(again, node);
}
