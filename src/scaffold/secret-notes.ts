import type { DatabaseSchema } from '../domain/database-schema.ts';
import type { Finding } from '../domain/schema-design.ts';
import { modelTables } from './table-model.ts';

/** Which columns the backend hashes or hides because of their names, a note for each. */
export function secretNotes(schema: DatabaseSchema): readonly Finding[] {
  return modelTables(schema).flatMap(({ table, columns, api }) =>
    columns.flatMap(({ column, field }) => {
      const { writeOnly, hashLength } = api.columns[field] ?? {};
      if (!writeOnly) return [];
      const treatment =
        hashLength === undefined ? 'is kept as given and never told' : 'is kept as a hash and never told';
      const message = `${table.name}.${column.name} ${treatment}, by its name`;
      return [{ severity: 'note' as const, code: 'secret-column', table: table.name, message }];
    }),
  );
}
