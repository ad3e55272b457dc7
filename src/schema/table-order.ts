import type { ForeignKeyDraft, SchemaDraft, TableDraft } from './schema-draft.ts';

export interface TableOrder {
  /** A table comes after those that its foreign keys name, late ones aside. */
  readonly tables: readonly TableDraft[];
  /** Foreign keys that close a cycle: they can be added only when all tables are there. */
  readonly late: ReadonlySet<ForeignKeyDraft>;
}

/** An order in which the tables can be created; alike for alike drafts, and close to the order they were written in. */
export function orderTables(draft: SchemaDraft): TableOrder {
  const ordered: TableDraft[] = [];
  const late = new Set<ForeignKeyDraft>();
  let waiting = draft.tables;
  while (waiting.length > 0) {
    const made = new Set(ordered.map(({ name }) => name));
    const next = waiting.find((table) => unmet(table, made).length === 0) ?? leastBound(waiting, made);
    for (const key of unmet(next, made)) late.add(key);
    ordered.push(next);
    waiting = waiting.filter((table) => table !== next);
  }
  return { tables: ordered, late };
}

function unmet(table: TableDraft, made: ReadonlySet<string>): readonly ForeignKeyDraft[] {
  return table.foreignKeys.filter(
    ({ referencedTable }) => referencedTable !== table.name && !made.has(referencedTable),
  );
}

/** Where only cycles are left, one is cut at the table with the fewest open references. */
function leastBound(waiting: readonly TableDraft[], made: ReadonlySet<string>): TableDraft {
  return waiting.reduce((least, table) => (unmet(table, made).length < unmet(least, made).length ? table : least));
}
