import type { DdlStatement } from '../domain/schema-design.ts';

/** The statements as one text that any Postgres runs. */
export function schemaSql(statements: readonly DdlStatement[]): string {
  return statements.map(({ sql }) => `${sql};\n`).join('\n');
}
