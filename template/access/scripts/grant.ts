import { accountColumns } from '../src/auth/account-columns.ts';
import { readDatabaseSettings } from '../src/config.ts';
import { openDatabase } from '../src/db.ts';

// npm run grant -- ada@example.com admin

const [name = '', role = ''] = process.argv.slice(2);
const { table, login, role: roleColumn } = accountColumns;
if (roleColumn === undefined) leave('Nothing in src/access.ts depends on a role.');
if (role === '') leave('Usage: npm run grant -- <login> <role>');

const db = openDatabase(readDatabaseSettings(process.env));
const rows = await db.write({
  text: `UPDATE ${table} SET ${roleColumn} = $2 WHERE lower(${login}) = lower($1) RETURNING 1`,
  values: [name, role],
});
await db.close();
if (rows.length === 0) leave(`There is no account ${name}.`);
process.stdout.write(`${name} has the role ${role} now.\n`);

function leave(message: string): never {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}
