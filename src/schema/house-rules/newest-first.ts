import { CREATED_AT } from '../../domain/made-by-backend.ts';
import type { TableDraft } from '../schema-draft.ts';
import { isIndexed, plainIndex } from './indexed-foreign-keys.ts';
import { tableRule } from './house-rule.ts';

/** Lists come newest first, and with an index however many rows there are. */
export const newestFirst = tableRule((table) => {
  const created = table.columns.find(({ name, type }) => CREATED_AT.test(name) && TIMES.has(type.name));
  if (!created || isIndexed(table, [created.name])) return { table, departures: [] };
  const columns = [created.name, ...keyOf(table).filter((name) => name !== created.name)];
  return {
    table: { ...table, indexes: [...table.indexes, plainIndex(columns)] },
    departures: [
      {
        code: 'newest-first-index',
        table: table.name,
        message: `${table.name} lists its newest rows first, and has no index on ${created.name}`,
        instead: `CREATE INDEX ON ${table.name} (${columns.join(', ')})`,
        isAddition: true,
      },
    ],
  };
});

const TIMES: ReadonlySet<string> = new Set(['int4', 'int8', 'date', 'timestamp', 'timestamptz']);

/** Rows of the same moment have an order, too. */
function keyOf({ primaryKey }: TableDraft): readonly string[] {
  return primaryKey?.columns.length === 1 ? primaryKey.columns : [];
}
