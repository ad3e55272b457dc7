import type { AccessAction, AccessPlan } from '../domain/access.ts';
import type { DatabaseSchema } from '../domain/database-schema.ts';
import { keyParameters } from './backend/http/operations.ts';
import { changeableColumns } from './backend/table/table.ts';
import type { ResourceApi } from './resource-api.ts';
import { modelTables, type TableModel } from './table-model.ts';

/** Every table's part of the API, in the schema's order: what somebody may do. */
export function describeApi(schema: DatabaseSchema, access?: AccessPlan): readonly ResourceApi[] {
  return modelTables(schema, access).map((model) => describeResource(model, access));
}

/** Whether the table has such routes: where nobody may do it there are none. */
export function isServed(access: AccessPlan | undefined, table: string, action: AccessAction): boolean {
  if (access === undefined || access.auth === 'none') return true;
  return (access.tables.find((one) => one.table === table)?.[action].length ?? 0) > 0;
}

/** Whether a row has anything that can be changed. */
export function isChangeable(model: TableModel): boolean {
  return model.keyColumns.length > 0 && changeableColumns(model.api).length > 0;
}

function describeResource(model: TableModel, access: AccessPlan | undefined): ResourceApi {
  const may = (action: AccessAction): boolean => isServed(access, model.table.name, action);
  const hasKey = model.keyColumns.length > 0;
  const itemPath = [model.collectionPath, ...keyParameters(model.api).map((name) => `{${name}}`)].join('/');
  return {
    table: model.table.name,
    collectionPath: model.collectionPath,
    itemPath: hasKey ? itemPath : undefined,
    keyColumns: model.keyColumns,
    ...(model.api.order && { order: model.api.order.field }),
    operations: [
      ...(may('read') ? (['list'] as const) : []),
      ...(may('create') ? (['create'] as const) : []),
      ...(hasKey && may('read') ? (['read'] as const) : []),
      ...(isChangeable(model) && may('change') ? (['update'] as const) : []),
      ...(hasKey && may('remove') ? (['delete'] as const) : []),
    ],
    nested: model.children
      .filter(({ table }) => may('read') && isServed(access, table, 'read'))
      .map(({ segment, table, column }) => ({ path: `${itemPath}/${segment}`, table, column })),
  };
}
