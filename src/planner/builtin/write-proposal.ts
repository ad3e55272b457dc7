import type { ProposedColumn, ProposedTable } from '../../domain/schema-design.ts';
import type { DraftColumn, DraftTable } from './draft.ts';
import { joinName, singularName } from './names.ts';

const NOW = '(extract(epoch from now())::bigint)';

const KEY: DraftColumn = { name: 'id', type: 'varchar', nullable: false };
const TIMES: readonly DraftColumn[] = ['created_at', 'updated_at'].map((name) => ({
  name,
  type: 'bigint',
  nullable: false,
  default: NOW,
}));

/** Rows that mean nothing once what they hang on is gone. */
const PARTS =
  /(^|_)(items?|lines?|comments|likes|reactions|messages|replies|answers|options|choices|attachments|images|photos|votes|bids|steps|tokens|sessions|readings|notifications|members|memberships|tags|follows|followers|bookmarks|favorites|participants|attendees|checklists|variants|versions|scores|entries)$/;

/** A drafted table as SQL, with the house columns: the key first, the times last. */
export function writeTable(table: DraftTable): ProposedTable {
  const columns = [KEY, ...table.columns, ...TIMES];
  const proposed = columns.map((column) => proposeColumn(column, table.name));
  const body = [...proposed.map(writeColumn), ...table.uniques.map((names) => `UNIQUE (${names.join(', ')})`)];
  const create = `CREATE TABLE ${table.name} (\n  ${body.join(',\n  ')}\n)`;
  return { tableName: table.name, columns: proposed, createQuery: [create, ...writeIndexes(table)].join(';\n') };
}

function proposeColumn(column: DraftColumn, table: string): ProposedColumn {
  return { name: column.name, type: column.type, constraints: constraintsOf(column, table).join(' ') };
}

/** A column as ADD COLUMN takes it. */
export function columnClause(column: DraftColumn, table: string): string {
  return writeColumn(proposeColumn(column, table));
}

function writeColumn({ name, type, constraints }: ProposedColumn): string {
  return [name, type, constraints].filter(Boolean).join(' ');
}

function constraintsOf(column: DraftColumn, table: string): string[] {
  if (column === KEY) return ['PRIMARY KEY'];
  return [
    column.nullable ? '' : 'NOT NULL',
    column.unique ? 'UNIQUE' : '',
    column.default === undefined ? '' : `DEFAULT ${column.default}`,
    checkOf(column),
    column.references === undefined ? '' : `REFERENCES ${column.references} (id) ON DELETE ${onDelete(column, table)}`,
  ].filter(Boolean);
}

function checkOf(column: DraftColumn): string {
  if (column.values) return `CHECK (${column.name} IN (${column.values.map(quoteText).join(', ')}))`;
  return column.check === undefined ? '' : `CHECK (${column.name} ${column.check})`;
}

/** What is only a part goes with its whole; a loose tie is cut; all else has to be taken away first. */
function onDelete(column: DraftColumn, table: string): string {
  if (column.nullable && !column.isPart) return 'SET NULL';
  if (column.isPart !== undefined) return column.isPart ? 'CASCADE' : 'RESTRICT';
  const whole = singularName(column.references ?? '');
  return table.startsWith(`${whole}_`) || PARTS.test(table) ? 'CASCADE' : 'RESTRICT';
}

/** One index for each foreign key that no unique constraint starts with. */
function writeIndexes(table: DraftTable): string[] {
  const covered = new Set(table.uniques.map((names) => names[0]));
  return table.columns
    .filter((column) => column.references !== undefined && !column.unique && !covered.has(column.name))
    .map(({ name }) => `CREATE INDEX ${joinName(table.name, name, 'idx')} ON ${table.name} (${name})`);
}

function quoteText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
