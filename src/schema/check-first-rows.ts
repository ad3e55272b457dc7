import type { Finding } from '../domain/schema-design.ts';
import { columnOf } from './check-references.ts';
import type { ForeignKeyDraft, SchemaDraft, TableDraft } from './schema-draft.ts';

/**
 * Tables in which no first row can be made: rows are stored one by one, so that of tables whose rows all need one
 * another none can begin, whenever the keys are checked. A condition that is never true keeps every row out as well.
 */
export function checkFirstRows(draft: SchemaDraft): readonly Finding[] {
  const stuck = withoutFirstRow(draft);
  const told = new Set<string>();
  const circles = stuck.flatMap((table) => {
    const circle = circleFrom(stuck, table);
    if (!circle || circle.some(({ from }) => told.has(from.name))) return [];
    for (const { from } of circle) told.add(from.name);
    return [circleFinding(circle)];
  });
  return [...circles, ...draft.tables.flatMap(neverTrue)];
}

interface Need {
  readonly from: TableDraft;
  readonly key: ForeignKeyDraft;
}

/** What is left when every table is taken away whose rows need only rows that can be made. */
function withoutFirstRow(draft: SchemaDraft): readonly TableDraft[] {
  let stuck: readonly TableDraft[] = draft.tables;
  for (let before = -1; before !== stuck.length;) {
    before = stuck.length;
    const names = new Set(stuck.map(({ name }) => name));
    stuck = stuck.filter((table) => needsOf(table).some(({ key }) => names.has(key.referencedTable)));
  }
  return stuck;
}

/** The keys that every row must have. A row can be its own parent where its key is not numbered by Postgres. */
function needsOf(table: TableDraft): readonly Need[] {
  return table.foreignKeys
    .filter((key) => key.columns.every((name) => isRequired(table, name)))
    .filter(
      (key) => key.referencedTable !== table.name || key.referencedColumns.some((name) => isNumbered(table, name)),
    )
    .map((key) => ({ from: table, key }));
}

function isRequired(table: TableDraft, name: string): boolean {
  const column = columnOf(table, name);
  return column !== undefined && (!column.nullable || (table.primaryKey?.columns.includes(name) ?? false));
}

function isNumbered(table: TableDraft, name: string): boolean {
  const column = columnOf(table, name);
  return (
    column?.identity !== undefined || column?.generated !== undefined || (column?.type.name.endsWith('serial') ?? false)
  );
}

/** The way from the table back to itself along keys that rows need; undefined when it only leads to a circle. */
function circleFrom(stuck: readonly TableDraft[], start: TableDraft): readonly Need[] | undefined {
  const ways: (readonly Need[])[] = [[]];
  const seen = new Set<string>();
  for (const way of ways) {
    const at = way.at(-1)?.key.referencedTable ?? start.name;
    if (way.length > 0 && at === start.name) return way;
    if (seen.has(at)) continue;
    seen.add(at);
    const table = stuck.find(({ name }) => name === at);
    for (const need of table ? needsOf(table) : []) ways.push([...way, need]);
  }
  return undefined;
}

function circleFinding(circle: readonly Need[]): Finding {
  const way = circle.map(({ from, key }) => `${from.name} (${key.columns.join(', ')})`).join(' → ');
  const [first] = circle;
  const back = first!.from.name;
  const places = circle.map(({ from, key }) => `${from.name}.${key.columns[0]}`);
  return {
    severity: 'error',
    code: 'circular-keys',
    table: back,
    message: `No first row can be made: ${way} → ${back} all need a row of the next that is there already`,
    fix: `Leave NOT NULL out at ${places.length > 1 ? `one of ${places.join(', ')}` : places[0]}.`,
  };
}

function neverTrue(table: TableDraft): readonly Finding[] {
  return table.checks
    .filter(
      ({ expression }) => 'A_Const' in expression && expression.A_Const.boolval && !expression.A_Const.boolval.boolval,
    )
    .map(() => ({
      severity: 'error',
      code: 'contradiction',
      table: table.name,
      message: `A CHECK of ${table.name} is never true, so no row could be stored`,
      fix: 'Leave it out.',
    }));
}
