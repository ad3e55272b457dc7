import { keyParameters } from './backend/http/operations.ts';
import { quoted } from './code-text.ts';
import { isChangeable } from './describe-api.ts';
import { fieldName } from '../domain/field-name.ts';
import { importBlock, importLine, importTypeLine } from './import-line.ts';
import type { TableModel } from './table-model.ts';

/** `/v1/posts/:id` */
export function itemRoute(model: TableModel): string {
  return [model.collectionPath, ...keyParameters(model.api).map((name) => `:${name}`)].join('/');
}

/** A table's file in `src/routes/`: the paths under which its rows are served. */
export function routesSource(model: TableModel, models: readonly TableModel[]): string {
  const { names, collectionPath } = model;
  const calls = serveCalls(model, models);
  const functions = [...new Set(calls.map(([name]) => name))].toSorted();
  return `${importBlock(
    importTypeLine('FastifyInstance', 'fastify'),
    importTypeLine('Database', '../db.ts'),
    importLine(functions, '../http/resource-routes.ts'),
    ...repositoryImports(model, models),
  )}

/** ${collectionPath} and what lies below. */
export function ${names.identifier}Routes(app: FastifyInstance, db: Database): void {
  const repository = ${names.identifier}Repository(db);
${calls.map(([name, ...args]) => `  ${name}(app, ${args.join(', ')});`).join('\n')}
}
`;
}

type ServeCall = readonly [name: string, ...args: string[]];

function serveCalls(model: TableModel, models: readonly TableModel[]): readonly ServeCall[] {
  const item = quoted(itemRoute(model));
  const hasKey = model.keyColumns.length > 0;
  return [
    ['serveCollection', quoted(model.collectionPath), 'repository'],
    ...(hasKey ? [['serveItems', item, 'repository'] as const] : []),
    ...(isChangeable(model) ? [['serveChanges', item, 'repository'] as const] : []),
    ...model.children.map(({ segment, table, column }) => {
      const isOwn = table === model.table.name;
      const children = isOwn ? 'repository' : `${modelOf(table, models).names.identifier}Repository(db)`;
      const path = quoted(`${itemRoute(model)}/${segment}`);
      return ['serveChildren', path, 'repository', children, quoted(fieldName(column))] as const;
    }),
  ];
}

function repositoryImports(model: TableModel, models: readonly TableModel[]): string[] {
  const tables = [model, ...model.children.map(({ table }) => modelOf(table, models))];
  const unique = [...new Set(tables)].toSorted((a, b) => (a.names.file < b.names.file ? -1 : 1));
  return unique.map(({ names }) => importLine([`${names.identifier}Repository`], `../repositories/${names.file}.ts`));
}

function modelOf(table: string, models: readonly TableModel[]): TableModel {
  const model = models.find((candidate) => candidate.table.name === table);
  if (!model) throw new Error(`The schema has no table ${table}`);
  return model;
}
