import type { SourceFile } from '../domain/source-file.ts';
import {
  createOperation,
  deleteOperation,
  listOperation,
  readOperation,
  updateOperation,
} from './backend/http/operations.ts';
import { openApiDocument, type DocumentedRoute } from './backend/http/openapi.ts';
import { healthOperation, readyOperation } from './backend/http/health-operations.ts';
import { isChangeable } from './describe-api.ts';
import { fieldName } from '../domain/field-name.ts';
import type { TableModel } from './table-model.ts';
import { itemRoute } from './routes-source.ts';

/** The document that the backend will serve, made by the backend's own code. */
export function openApiFile(name: string, description: string, models: readonly TableModel[]): SourceFile {
  const routes = [
    { method: 'GET', url: '/healthz', operation: healthOperation },
    { method: 'GET', url: '/readyz', operation: readyOperation },
    ...models.flatMap((model) => resourceRoutes(model, models)),
  ];
  return { path: 'openapi.json', content: openApiText(name, description, routes) };
}

export function openApiText(title: string, description: string, routes: readonly DocumentedRoute[]): string {
  return `${JSON.stringify(openApiDocument({ title, version: '0.1.0', description }, routes), null, 2)}\n`;
}

function resourceRoutes(model: TableModel, models: readonly TableModel[]): DocumentedRoute[] {
  const { api, collectionPath } = model;
  const item = itemRoute(model);
  const hasKey = model.keyColumns.length > 0;
  return [
    { method: 'GET', url: collectionPath, operation: listOperation(api) },
    { method: 'POST', url: collectionPath, operation: createOperation(api) },
    ...(hasKey ? [{ method: 'GET', url: item, operation: readOperation(api) }] : []),
    ...(isChangeable(model) ? [{ method: 'PATCH', url: item, operation: updateOperation(api) }] : []),
    ...(hasKey ? [{ method: 'DELETE', url: item, operation: deleteOperation(api) }] : []),
    ...model.children.flatMap(({ segment, table, column }) => {
      const child = models.find((candidate) => candidate.table.name === table);
      if (!child) return [];
      const operation = listOperation(child.api, { table: api, via: fieldName(column) });
      return [{ method: 'GET', url: `${item}/${segment}`, operation }];
    }),
  ];
}
