import { typeName } from './emit-statements.ts';
import type { SchemaDraft } from './schema-draft.ts';
import type { SchemaNames } from './schema-names.ts';

/** The names that a draft defines, for statements that build on it. */
export function namesOfDraft(draft: SchemaDraft): SchemaNames {
  return {
    extensions: new Set(draft.extensions),
    refused: new Set(),
    enums: new Set(draft.enums.map(({ name }) => name)),
    tables: new Map(draft.tables.map(({ name, columns }) => [name, new Set(columns.map((column) => column.name))])),
    columnTypes: new Map(
      draft.tables.map(({ name, columns }) => [
        name,
        new Map(columns.map((column) => [column.name, typeName(column.type)])),
      ]),
    ),
  };
}
