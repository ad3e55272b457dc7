import type { SourceFile } from '../domain/source-file.ts';
import { importBlock, importLine, importTypeLine } from './import-line.ts';
import { routesSource } from './routes-source.ts';
import { schemaSource } from './schema-source.ts';
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

function repositorySource({ names }: TableModel): string {
  const { file, identifier, plural } = names;
  return `${importBlock(
    importTypeLine('Database', '../db.ts'),
    importLine([`${identifier}Table`], `../schemas/${file}.ts`),
    importLine(['repositoryOf', 'type Repository'], '../table/repository.ts'),
  )}

/** Reads and writes ${plural}. Statements of your own belong here. */
export function ${identifier}Repository(db: Database): Repository<typeof ${identifier}Table> {
  return repositoryOf(db, ${identifier}Table);
}
`;
}
