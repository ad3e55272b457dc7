import type { Finding, ProposedTable } from '../domain/schema-design.ts';
import { toSnakeCase } from './identifiers.ts';
import type { SchemaDraft, TableDraft } from './schema-draft.ts';

/** Where a proposal's lists of names and columns say something else than its SQL, which counts. */
export function checkColumns(proposed: readonly ProposedTable[], draft: SchemaDraft): readonly Finding[] {
  const tables = new Map(draft.tables.map((table) => [folded(table.name), table]));
  return proposed.flatMap((one) => {
    const table = tables.get(folded(one.tableName));
    if (table) return one.columns && one.createQuery.trim() !== '' ? differences(one, table) : [];
    const isNamed = one.tableName !== '' && draft.tables.length > 0;
    return isNamed ? [note(one.tableName, `The table ${one.tableName} is listed, but the SQL does not create it`)] : [];
  });
}

function differences({ tableName, columns = [] }: ProposedTable, table: TableDraft): readonly Finding[] {
  const listed = new Set(columns.map(({ name }) => folded(name)));
  const written = new Set(table.columns.map(({ name }) => folded(name)));
  const onlyListed = [...listed].filter((name) => !written.has(name));
  const onlyWritten = [...written].filter((name) => !listed.has(name));
  return [
    ...(onlyListed.length > 0
      ? [note(tableName, `${tableName}: only the list of columns has ${onlyListed.join(', ')}; the SQL counts`)]
      : []),
    ...(onlyWritten.length > 0
      ? [note(tableName, `${tableName}: only the SQL has ${onlyWritten.join(', ')}; the SQL counts`)]
      : []),
  ];
}

function note(table: string, message: string): Finding {
  return { severity: 'note', code: 'columns-differ', table, message };
}

/** Names are compared as the house rules would spell them; nobody has checked yet how long they are. */
function folded(name: string): string {
  return toSnakeCase(name.slice(0, 200));
}
