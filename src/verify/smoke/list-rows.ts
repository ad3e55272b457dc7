import type { Table } from '../../domain/database-schema.ts';
import type { Operation } from '../api-document.ts';
import type { HttpAnswer } from '../http-client.ts';
import { inParallel } from '../in-parallel.ts';
import type { Prober } from '../prober.ts';
import { filterRows, isNumberColumn } from './list-filters.ts';
import { keyOf, readPage, sameRows, sameValue, type Resource, type Row } from './resource.ts';

/** Lists page by page, by every filter and in every order that the document offers. */
export async function listRows(prober: Prober, resource: Resource): Promise<void> {
  const { list } = resource;
  if (!list) return;
  const rows = resource.stored.map(({ body }) => body);
  await expectPages(prober, list, rows);
  await filterRows(prober, resource);
  await sortRows(prober, resource.table, list, rows);
}

/** The lists of children, each against the children that are known to be there. */
export async function listChildren(prober: Prober, resource: Resource, resources: readonly Resource[]): Promise<void> {
  for (const { operation, table, column } of resource.nested) {
    const child = resources.find((one) => one.table.name === table);
    const key = child?.table.foreignKeys.find((one) => one.columns.length === 1 && one.columns[0] === column);
    for (const { body } of resource.stored.slice(0, 2)) {
      const parent = body[key?.referencedColumns[0] ?? resource.api.keyColumns[0] ?? 'id'];
      const children = child?.stored.filter((row) => sameValue(row.body[column], parent)).map((row) => row.body) ?? [];
      await expectPages(prober, operation, children, { path: keyOf(resource, operation, body) });
    }
  }
}

interface PageInput {
  readonly path?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
}

/** Follows the cursors two rows at a time; every row has to come once. Resolves to the rows in the order they came. */
async function expectPages(
  prober: Prober,
  list: Operation,
  rows: readonly Row[],
  input: PageInput = {},
): Promise<Row[]> {
  const found: Row[] = [];
  let cursor: string | undefined;
  let answer: HttpAnswer;
  do {
    const query: Record<string, string> = { ...input.query, limit: '2', ...(cursor === undefined ? {} : { cursor }) };
    answer = await prober.call(list, { ...input, query });
    const page = readPage(answer.json);
    if (!prober.expect(answer, answer.status === 200 && page.rows.length <= 2, '200 with at most 2 rows')) return found;
    found.push(...page.rows);
    cursor = page.next;
  } while (cursor !== undefined && found.length <= rows.length);
  prober.expect(
    answer,
    sameRows(found, rows),
    `the pages up to this one to give each of ${rows.length} rows once, they gave ${found.length}`,
  );
  return found;
}

/** Down is up the other way round; paging through an order loses no row. */
async function sortRows(prober: Prober, table: Table, list: Operation, rows: readonly Row[]): Promise<void> {
  await inParallel(sortColumns(list), async (column) => {
    const up = await expectPages(prober, list, rows, { query: { sort: column } });
    const down = await expectPages(prober, list, rows, { query: { sort: `-${column}` } });
    const answer = await prober.call(list, { query: { sort: column, limit: '100' } });
    const values = (found: readonly Row[]) => JSON.stringify(found.map((row) => row[column]));
    prober.expect(answer, values(up) === values(readPage(answer.json).rows), 'the same order in one page as in many');
    // Where rows without a value go is the backend's own choice, the same or another for both directions.
    const present = (found: readonly Row[]) => found.filter((row) => row[column] !== null);
    prober.expect(
      answer,
      values(present(up)) === values(present(down).toReversed()),
      `sort=-${column} to be this order reversed`,
    );
    if (isNumberColumn(table, column)) prober.expect(answer, isRising(present(up), column), `rows by rising ${column}`);
  });
}

/** The columns that the document lets one sort by. */
function sortColumns(list: Operation): readonly string[] {
  const schema = list.parameters.find((parameter) => parameter.in === 'query' && parameter.name === 'sort')?.schema;
  const values = typeof schema === 'object' && Array.isArray(schema['enum']) ? schema['enum'].map(String) : [];
  return values.filter((value) => !value.startsWith('-') && values.includes(`-${value}`));
}

function isRising(rows: readonly Row[], column: string): boolean {
  const values = rows.map((row) => Number(row[column]));
  return values.every((value, index) => index === 0 || value >= (values[index - 1] ?? value));
}
