import type { SourceFile } from '../domain/source-file.ts';
import { keyParameters } from './backend/http/operations.ts';
import { calledNames, callSource } from './column-call.ts';
import { proseLine, propertyName, quoted } from './code-text.ts';
import { isChangeable } from './describe-api.ts';
import { fieldName } from './field-name.ts';
import type { TableModel } from './table-model.ts';

/** A table's own files: its schema, its repository and its routes. */
export function tableFiles(model: TableModel, models: readonly TableModel[]): readonly SourceFile[] {
  const file = `${model.names.file}.ts`;
  return [
    { path: `src/schemas/${file}`, content: schemaSource(model) },
    { path: `src/repositories/${file}`, content: repositorySource(model) },
    { path: `src/routes/${file}`, content: routesSource(model, models) },
  ];
}

/** `/v1/posts/:id` */
export function itemRoute(model: TableModel): string {
  return [model.collectionPath, ...keyParameters(model.api).map((name) => `:${name}`)].join('/');
}

function schemaSource({ names, columns, table, api }: TableModel): string {
  const functions = [...new Set(columns.flatMap((column) => calledNames(column.call)))].toSorted();
  const properties = columns.map(({ field, call }) => `    ${propertyName(field)}: ${callSource(call)},`);
  return `import { ${functions.join(', ')} } from '../table/columns.ts';
import { table, type RowOf } from '../table/table.ts';

/** ${table.comment ? proseLine(table.comment) : `The columns of ${names.plural}: what Postgres keeps, clients may send and answers show.`} */
export const ${names.identifier}Table = table({
  name: ${quoted(table.name)},
  model: ${quoted(names.model)},
  singular: ${quoted(names.singular)},
  plural: ${quoted(names.plural)},
  key: [${api.key.map(quoted).join(', ')}],
  columns: {
${properties.join('\n')}
  },
});

export type ${names.model}Row = RowOf<typeof ${names.identifier}Table>;
`;
}

function repositorySource({ names }: TableModel): string {
  const { file, identifier, plural } = names;
  return `import type { Database } from '../db.ts';
import { ${identifier}Table } from '../schemas/${file}.ts';
import { repositoryOf, type Repository } from '../table/repository.ts';

/** Reads and writes ${plural}. Statements of your own belong here. */
export function ${identifier}Repository(db: Database): Repository<typeof ${identifier}Table> {
  return repositoryOf(db, ${identifier}Table);
}
`;
}

function routesSource(model: TableModel, models: readonly TableModel[]): string {
  const { names, collectionPath } = model;
  const children = model.children.map((child) => ({ ...child, names: namesOf(child.table, models) }));
  const lines = [
    ...(children.length > 0 || model.keyColumns.length > 0 ? [`const repository = ${names.identifier}Repository(db);`] : []),
    `serveCollection(app, ${quoted(collectionPath)}, ${model.keyColumns.length > 0 ? 'repository' : `${names.identifier}Repository(db)`});`,
    ...(model.keyColumns.length > 0 ? [`serveItems(app, ${quoted(itemRoute(model))}, repository);`] : []),
    ...(isChangeable(model) ? [`serveChanges(app, ${quoted(itemRoute(model))}, repository);`] : []),
    ...children.map(
      (child) =>
        `serveChildren(app, ${quoted(`${itemRoute(model)}/${child.segment}`)}, repository, ${child.table === model.table.name ? 'repository' : `${child.names.identifier}Repository(db)`}, ${quoted(fieldName(child.column))});`,
    ),
  ];
  const functions = ['serveChanges', 'serveChildren', 'serveCollection', 'serveItems'].filter((name) =>
    lines.some((line) => line.startsWith(`${name}(`)),
  );
  const repositories = new Map([[names.file, names.identifier]]);
  for (const child of children) repositories.set(child.names.file, child.names.identifier);
  return `import type { FastifyInstance } from 'fastify';
import type { Database } from '../db.ts';
import { ${functions.join(', ')} } from '../http/resource-routes.ts';
${[...repositories].map(([file, identifier]) => `import { ${identifier}Repository } from '../repositories/${file}.ts';`).join('\n')}

/** ${collectionPath} and what lies below. */
export function ${names.identifier}Routes(app: FastifyInstance, db: Database): void {
${lines.map((line) => `  ${line}`).join('\n')}
}
`;
}

function namesOf(table: string, models: readonly TableModel[]): TableModel['names'] {
  const model = models.find((candidate) => candidate.table.name === table);
  if (!model) throw new Error(`The schema has no table ${table}`);
  return model.names;
}
