import type { CommentStmt } from 'libpg-query';
import { byteLength } from './identifiers.ts';
import { LIMITS } from './limits.ts';
import { refuse, type Reading } from './reading.ts';
import type { TableDraft } from './schema-draft.ts';
import { textsOf } from './syntax-nodes.ts';

/** The names that a COMMENT is about, without the schema: a table, or a table and a column. */
export function commentedNames(statement: CommentStmt): readonly string[] {
  const names = textsOf(statement.object && 'List' in statement.object ? statement.object.List.items : []);
  const depth = statement.objtype === 'OBJECT_TABLE' ? 1 : 2;
  return names.length > depth && names[0] === 'public' ? names.slice(1) : names;
}

/** The table with the comment on it, or on one of its columns. */
export function addComment(reading: Reading, statement: CommentStmt, table: TableDraft): TableDraft {
  const [, column, ...rest] = commentedNames(statement);
  const comment = statement.comment || undefined;
  if (comment !== undefined && byteLength(comment) > LIMITS.textBytes) {
    refuse(
      reading,
      'too-large',
      `A comment on ${table.name} has more than ${LIMITS.textBytes} bytes`,
      'Make it shorter.',
    );
  }
  if (column === undefined) return { ...table, comment };
  if (rest.length > 0 || !table.columns.some(({ name }) => name === column)) {
    refuse(
      reading,
      'unknown-column',
      `A comment names the column ${table.name}.${column}, which is not there`,
      'Leave it out.',
    );
  }
  return {
    ...table,
    columns: table.columns.map((each) => (each.name === column ? { ...each, comment } : each)),
  };
}
