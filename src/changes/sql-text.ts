import type { Node } from 'libpg-query';
import { formatType, sameSyntax, type ColumnDraft, type ColumnType, type PostgresParser } from '../schema/drafts.ts';
import { quoteIdentifier } from '../schema/schema.ts';

/** A name of schema `public`, so that no other schema's can stand in for it. */
export function inPublic(name: string): string {
  return `public.${quoteIdentifier(name)}`;
}

export function list(names: readonly string[]): string {
  return names.map(quoteIdentifier).join(', ');
}

/** The expression as SQL text, which reads as the tree that was checked; throws where the printer cannot do that. */
export function printExpression(parser: PostgresParser, expression: Node): string {
  const sql = parser.print(expression);
  const [again] = parser.parse(`SELECT (${sql})`);
  const target = again && 'SelectStmt' in again ? again.SelectStmt.targetList?.[0] : undefined;
  const read = target && 'ResTarget' in target ? target.ResTarget.val : undefined;
  if (read && sameSyntax(read, expression)) return sql;
  throw new Error(`The expression ${sql} cannot be written down exactly as it was meant`);
}

/** The column as ADD COLUMN takes it. */
export function columnText(parser: PostgresParser, column: ColumnDraft): string {
  return [
    quoteIdentifier(column.name),
    typeText(column.type),
    column.collateC && 'COLLATE "C"',
    column.default && `DEFAULT ${printExpression(parser, column.default)}`,
    column.identity && `GENERATED ${identityWord(column)} AS IDENTITY`,
    column.generated &&
      `GENERATED ALWAYS AS (${printExpression(parser, column.generated.expression)}) ${column.generated.stored ? 'STORED' : 'VIRTUAL'}`,
    !column.nullable && 'NOT NULL',
  ]
    .filter(Boolean)
    .join(' ');
}

export function identityWord({ identity }: Pick<ColumnDraft, 'identity'>): string {
  return identity === 'always' ? 'ALWAYS' : 'BY DEFAULT';
}

/** `serial` is no type that a column keeps, but the word that makes its sequence. */
function typeText(type: ColumnType): string {
  return type.name.endsWith('serial') ? type.name : formatType(type);
}
