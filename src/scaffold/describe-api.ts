import type { DatabaseSchema } from '../domain/database-schema.ts';
import { keyParameters } from './backend/http/operations.ts';
import { changeableColumns } from './backend/table/table.ts';
import type { ResourceApi } from './resource-api.ts';
import { modelTables, type TableModel } from './table-model.ts';

/** Every table's part of the API, in the schema's order. */
export function describeApi(schema: DatabaseSchema): readonly ResourceApi[] {
  return modelTables(schema).map(describeResource);
}

/** Whether a row has anything that can be changed. */
export function isChangeable(model: TableModel): boolean {
  return model.keyColumns.length > 0 && changeableColumns(model.api).length > 0;
}

function describeResource(model: TableModel): ResourceApi {
  const hasKey = model.keyColumns.length > 0;
  const itemPath = [model.collectionPath, ...keyParameters(model.api).map((name) => `{${name}}`)].join('/');
  return {
    table: model.table.name,
    collectionPath: model.collectionPath,
    itemPath: hasKey ? itemPath : undefined,
    keyColumns: model.keyColumns,
    ...(model.api.order && { order: model.api.order.field }),
    operations: [
      'list',
      'create',
      ...(hasKey ? (['read'] as const) : []),
      ...(isChangeable(model) ? (['update'] as const) : []),
      ...(hasKey ? (['delete'] as const) : []),
    ],
    nested: model.children.map(({ segment, table, column }) => ({ path: `${itemPath}/${segment}`, table, column })),
  };
}
