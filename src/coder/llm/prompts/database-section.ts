import type { Column, DatabaseSchema, Table } from '../../../domain/database-schema.ts';

/** What the model knows of the database: the catalog as it was read back, in the shape that designs have. */
export function databaseSection(schema: DatabaseSchema): string {
  const enums = schema.enums.map(({ name, values }) => `\nEnum ${name}: ${JSON.stringify(values)}`).join('');
  return `DATABASE AVAILABLE:
You have access to a Postgres database with the following schema:
${JSON.stringify(schema.tables.map(compactTable))}${enums}

Database connection is already configured in .env:
- DB_HOST, DB_PORT, DB_NAME, DB_USER, DB_PASSWORD

INSTRUCTIONS:
- The database connection is set up already: use the db of src/db.ts that routes and repositories are given
- Write SQL queries in your endpoints using the exact table/column names above
- Use parameterized queries to prevent SQL injection
- Handle database errors appropriately: src/database-problem.ts turns broken constraints into 409 and 422
- The tables stay as they are in this run: what AGENTS.md says of new files in db/migrations/ is for later changes`;
}

function compactTable(table: Table) {
  const rules = [
    ...(table.primaryKey.length > 1 ? [`PRIMARY KEY (${table.primaryKey.join(', ')})`] : []),
    ...table.uniques.filter(({ columns }) => columns.length > 1).map(({ columns }) => `UNIQUE (${columns.join(', ')})`),
    ...table.foreignKeys
      .filter(({ columns }) => columns.length > 1)
      .map((key) => `FOREIGN KEY (${key.columns.join(', ')}) ${referenceOf(key)}`),
    ...table.checks.map(({ expression }) => `CHECK (${expression})`),
  ];
  return {
    tableName: table.name,
    columns: table.columns.map((column) => ({
      name: column.name,
      type: column.type,
      constraints: constraintsOf(table, column),
    })),
    ...(rules.length > 0 ? { constraints: rules } : {}),
  };
}

function constraintsOf(table: Table, { name, nullable, default: value, identity, generated }: Column): string {
  const isAlone = (columns: readonly string[]): boolean => columns.length === 1 && columns[0] === name;
  const key = table.foreignKeys.find(({ columns }) => isAlone(columns));
  return [
    ...(isAlone(table.primaryKey) ? ['PRIMARY KEY'] : nullable ? [] : ['NOT NULL']),
    ...(table.uniques.some(({ columns }) => isAlone(columns)) ? ['UNIQUE'] : []),
    ...(identity ? [`GENERATED ${identity === 'always' ? 'ALWAYS' : 'BY DEFAULT'} AS IDENTITY`] : []),
    ...(generated === undefined ? [] : [`GENERATED ALWAYS AS (${generated})`]),
    ...(value === undefined ? [] : [`DEFAULT ${value}`]),
    ...(key ? [referenceOf(key)] : []),
  ].join(' ');
}

function referenceOf({ referencedTable, referencedColumns, onDelete }: Table['foreignKeys'][number]): string {
  const end = onDelete === 'no action' ? '' : ` ON DELETE ${onDelete.toUpperCase()}`;
  return `REFERENCES ${referencedTable} (${referencedColumns.join(', ')})${end}`;
}
