import type { Accounts } from '../domain/access.ts';
import type { DatabaseSchema } from '../domain/database-schema.ts';
import type { SourceFile } from '../domain/source-file.ts';
import type { BackendBlueprint } from './backend-blueprint.ts';
import { importBlock, importLine, importTypeLine } from './import-line.ts';
import { openApiFile } from './openapi-file.ts';
import { descriptionOf } from './project-files.ts';
import { databaseReadme } from './database-readme.ts';
import { sampleRows } from '../samples/sample-rows.ts';
import { tableFiles } from './table-files.ts';
import { modelTables, type TableModel } from './table-model.ts';

/** The files of a backend with a database that differ from one schema to the next. */
export async function databaseFiles(
  blueprint: BackendBlueprint,
  schema: DatabaseSchema,
): Promise<readonly SourceFile[]> {
  const access = blueprint.access?.auth === 'password' ? blueprint.access : undefined;
  const models = modelTables(schema, access);
  return [
    ...models.flatMap((model) => tableFiles(model, models)),
    { path: 'src/routes.ts', content: routesSource(models, access !== undefined) },
    { path: 'src/tables.ts', content: tablesSource(models) },
    { path: 'db/migrations/0001_tables.sql', content: migration(blueprint.statements) },
    { path: 'db/sample-rows.json', content: sampleRowsSource(schema, access?.accounts) },
    openApiFile(blueprint.name, descriptionOf(blueprint), models, access),
    ...(await databaseReadme(blueprint, schema, models, SAMPLE_ROWS)),
  ];
}

function routesSource(models: readonly TableModel[], hasAccounts: boolean): string {
  return `${importBlock(
    importTypeLine('FastifyInstance', 'fastify'),
    hasAccounts ? importLine(['authRoutes'], './auth/routes.ts') : '',
    importTypeLine('Database', './db.ts'),
    ...models.map(({ names }) => importLine([`${names.identifier}Routes`], `./routes/${names.file}.ts`)),
  )}

/** Everything under /v1. */
export function registerRoutes(app: FastifyInstance, db: Database): void {
${[...(hasAccounts ? ['auth'] : []), ...models.map(({ names }) => names.identifier)].map((name) => `  ${name}Routes(app, db);`).join('\n')}
}
`;
}

function tablesSource(models: readonly TableModel[]): string {
  return `${importBlock(
    ...models.map(({ names }) => importLine([`${names.identifier}Table`], `./schemas/${names.file}.ts`)),
    importTypeLine('Table', './table/table.ts'),
  )}

/** Every table with its path, in an order in which they can be filled. */
export const tables: readonly { readonly path: string; readonly table: Table }[] = [
${models.map(({ names, collectionPath }) => `  { path: '${collectionPath}', table: ${names.identifier}Table },`).join('\n')}
];
`;
}

function migration(statements: readonly string[]): string {
  return `${statements.map((statement) => `${statement.trim().replace(/;$/, '')};`).join('\n\n')}\n`;
}

const SAMPLE_ROWS = 5;

/** Nobody signs in as a sample account: what stands for its password's hash is none. */
function sampleRowsSource(schema: DatabaseSchema, accounts: Accounts | undefined): string {
  const tables = sampleRows(schema, SAMPLE_ROWS).map(({ table, rows }) => {
    const hash = accounts?.table === table ? { [accounts.password]: 'none' } : {};
    const lines = rows.map((row) => `    ${JSON.stringify({ ...row, ...hash })}`);
    return `  ${JSON.stringify(table)}: [\n${lines.join(',\n')}\n  ]`;
  });
  return `{\n${tables.join(',\n')}\n}\n`;
}
