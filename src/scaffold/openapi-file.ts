import type { AccessAction, AccessPlan } from '../domain/access.ts';
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
import { accessTable } from './access-source.ts';
import { isOpen } from './backend/auth/access-table.ts';
import { AUTH_ROUTES, authOperations, type AuthOperation } from './backend/auth/operations.ts';
import { secured, withSecurity } from './backend/auth/secured.ts';
import { isChangeable, isServed } from './describe-api.ts';
import { fieldName } from '../domain/field-name.ts';
import type { TableModel } from './table-model.ts';
import { itemRoute } from './routes-source.ts';

/** The document that the backend will serve, made by the backend's own code. */
export function openApiFile(
  name: string,
  description: string,
  models: readonly TableModel[],
  access?: AccessPlan,
): SourceFile {
  const routes = [
    { method: 'GET', url: '/healthz', operation: healthOperation },
    { method: 'GET', url: '/readyz', operation: readyOperation },
    ...authRoutes(models, access),
    ...models.flatMap((model) => resourceRoutes(model, models, access)),
  ];
  return { path: 'openapi.json', content: openApiText(name, description, routes, access !== undefined) };
}

export function openApiText(
  title: string,
  description: string,
  routes: readonly DocumentedRoute[],
  isSecured = false,
): string {
  const document = openApiDocument({ title, version: '0.1.0', description }, routes);
  return `${JSON.stringify(isSecured ? withSecurity(document, routes) : document, null, 2)}\n`;
}

function authRoutes(models: readonly TableModel[], access: AccessPlan | undefined): DocumentedRoute[] {
  const accounts = models.find(({ table }) => table.name === access?.accounts?.table);
  if (!accounts || !access?.accounts) return [];
  const operations = authOperations(accounts.api, fieldName(access.accounts.login));
  return (Object.keys(AUTH_ROUTES) as AuthOperation[]).map((operation) => {
    const [method, url] = AUTH_ROUTES[operation];
    return { method, url, operation: operations[operation] };
  });
}

interface PlannedRoute extends DocumentedRoute {
  /** The table whose rows it reads or writes. */
  readonly of: TableModel;
  readonly action: AccessAction;
}

function resourceRoutes(
  model: TableModel,
  models: readonly TableModel[],
  access: AccessPlan | undefined,
): DocumentedRoute[] {
  return plannedRoutes(model, models)
    .filter(({ of, action }) => isServed(access, of.table.name, action) && isServed(access, model.table.name, action))
    .map(({ of, action, method, url, operation }) => {
      if (!access) return { method, url, operation };
      const apis = models.map(({ api }) => api);
      const isOpenToAll = isOpen(accessTable(access), apis, of.api, action);
      return { method, url, operation: secured(operation, isOpenToAll) };
    });
}

function plannedRoutes(model: TableModel, models: readonly TableModel[]): PlannedRoute[] {
  const { api, collectionPath } = model;
  const item = itemRoute(model);
  const own = { of: model };
  const onItem: PlannedRoute[] = [
    { ...own, action: 'read', method: 'GET', url: item, operation: readOperation(api) },
    ...(isChangeable(model)
      ? [{ ...own, action: 'change' as const, method: 'PATCH', url: item, operation: updateOperation(api) }]
      : []),
    { ...own, action: 'remove', method: 'DELETE', url: item, operation: deleteOperation(api) },
  ];
  return [
    { ...own, action: 'read', method: 'GET', url: collectionPath, operation: listOperation(api) },
    { ...own, action: 'create', method: 'POST', url: collectionPath, operation: createOperation(api) },
    ...(model.keyColumns.length > 0 ? onItem : []),
    ...model.children.flatMap(({ segment, table, column }): PlannedRoute[] => {
      const of = models.find((candidate) => candidate.table.name === table);
      if (!of) return [];
      const operation = listOperation(of.api, { table: api, via: fieldName(column) });
      return [{ of, action: 'read', method: 'GET', url: `${item}/${segment}`, operation }];
    }),
  ];
}
