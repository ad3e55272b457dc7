import type { Column, Table } from './database-schema.ts';

/** The names of columns that say when a row was made, and when it was changed. */
export const CREATED_AT = /^(created_?at|created_?on|creation_(time|date)|date_created|inserted_at)$/i;
export const CHANGED_AT =
  /^(updated_?at|updated_?on|modified_?at|modified_?on|last_modified(_at)?|last_updated(_at)?|date_modified)$/i;

/** Whether a backend gives the column its value itself and takes none: times of creation and change, ids of its own making. */
export function isMadeByBackend(column: Column, table: Table): boolean {
  if (table.foreignKeys.some((key) => key.columns.includes(column.name))) return false;
  if (table.primaryKey.includes(column.name)) return table.primaryKey.length === 1 && isMadeId(column);
  return isCreationTime(column) || (CHANGED_AT.test(column.name) && canHoldNow(column.type));
}

export function isCreationTime({ name, type }: Column): boolean {
  return CREATED_AT.test(name) && canHoldNow(type);
}

export function canHoldNow(type: string): boolean {
  return /^(bigint|integer|date|timestamp(\(\d\))? with(out)? time zone)$/.test(type);
}

/** Whether the column counts or writes a moment, by its name. */
export function isTimeName(name: string): boolean {
  return (
    /(_at|_on|_time|_date|_until|timestamp|^date|^time|[a-z](At|On|Time|Date))$/.test(name) ||
    /^(date|time)$/i.test(name)
  );
}

/** What Postgres draws by chance, or an id in the house's own form: `id varchar`, which holds a nano id. */
function isMadeId(column: Column): boolean {
  if (column.default !== undefined) return /uuid|random/i.test(column.default);
  return column.name === 'id' && /^character varying(\(21\))?$/.test(column.type);
}
