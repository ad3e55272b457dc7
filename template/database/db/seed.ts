import { openDatabase } from '../src/db.ts';
import { readDatabaseSettings } from '../src/config.ts';
import { listStatement, insertStatement } from '../src/table/statements.ts';
import { toParameters, withGeneratedIds } from '../src/table/row-values.ts';
import { tables } from '../src/tables.ts';
import { createSampleRows } from './create-sample-rows.ts';

// Fills an empty database with sample rows, all of them or none.

const db = openDatabase(readDatabaseSettings(process.env));
try {
  process.stdout.write(
    (await isEmpty()) ? `${await seed()} rows created\n` : 'There are rows already; nothing was done.\n',
  );
} finally {
  await db.close();
}

async function isEmpty(): Promise<boolean> {
  for (const { table } of tables) {
    const rows = await db.read(listStatement(table, { limit: 1, sort: undefined, filters: [], after: undefined }));
    if (rows.length > 0) return false;
  }
  return true;
}

async function seed(): Promise<number> {
  const created = await db.transaction((write) =>
    createSampleRows(async (table, values) => {
      const parameters = await toParameters(table, withGeneratedIds(table, values));
      const [row] = await write(insertStatement(table, parameters));
      return row ?? {};
    }),
  );
  return [...created.values()].reduce((sum, rows) => sum + rows.length, 0);
}
