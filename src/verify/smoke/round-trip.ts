import { isPasswordName } from '../answer-checks.ts';
import { isObject, schemaFaults, type JsonSchema } from '../json-schema.ts';
import type { Prober } from '../prober.ts';
import { dereference } from './hostile-input.ts';
import { bodyProperties, keyOf, rowOf, type Resource, type StoredRow } from './resource.ts';

/** Texts that mean something to SQL, HTML, templates, shells or headers, and nothing to a backend that keeps data. */
const TEXTS = [
  `Robert'); DROP TABLE students;--`,
  `' OR '1'='1`,
  `"; SELECT pg_sleep(9); --`,
  '<script>alert(1)</script>',
  '${7*7} {{7*7}} $1 %s %00',
  '\\x00 \\u0000 \\',
  'Ünïcödé 日本語 👩‍👩‍👧 \u202eabc',
  'line\nbreak\ttab\r\nX-Injected: 1',
];

/** Writes each text into a row's plain text columns and reads the very same back. Resolves to how often that was done. */
export async function roundTripTexts(prober: Prober, resource: Resource): Promise<number> {
  const { update, read } = resource;
  const [row] = resource.stored;
  if (!update || !read || !row || update.method !== 'PATCH') return 0;
  const columns = textColumns(prober, resource, row, bodyProperties(update, prober.document));
  let count = 0;
  for (const text of columns.length > 0 ? TEXTS : []) {
    const values = Object.fromEntries(columns.filter(([, fits]) => fits(text)).map(([name]) => [name, text]));
    if (Object.keys(values).length === 0) continue;
    const answer = await prober.call(update, { path: keyOf(resource, update, row.body), json: values });
    if (!prober.expect(answer, answer.status === 200, '200, as this text is data like any other')) continue;
    const found = await prober.call(read, { path: keyOf(resource, read, row.body) });
    const body = rowOf(found.json);
    for (const name of Object.keys(values)) {
      prober.expect(found, body[name] === text, `${name} to be ${JSON.stringify(text)}, unchanged`);
    }
    count += 1;
  }
  await restore(
    prober,
    resource,
    row,
    columns.map(([name]) => name),
  );
  return count;
}

/** Text columns that nothing but their length restricts, each with whether a text fits what is documented. */
function textColumns(
  prober: Prober,
  { table }: Resource,
  row: StoredRow,
  properties: Readonly<Record<string, JsonSchema>>,
): [string, (text: string) => boolean][] {
  const resolve = (reference: string) => prober.document.resolve(reference);
  const referring = new Set(table.foreignKeys.flatMap((key) => key.columns));
  const checked = (name: string) => table.checks.some(({ expression }) => expression.includes(name));
  return table.columns
    .filter(
      ({ name, type }) =>
        /^(text|character varying)/.test(type) && !type.endsWith('[]') && name in properties && name in row.body,
    )
    .filter(
      ({ name }) => !referring.has(name) && !table.primaryKey.includes(name) && !isPasswordName(name) && !checked(name),
    )
    .map(({ name }) => [
      name,
      (text: string) => schemaFaults(text, dereference(properties[name] ?? true, resolve), resolve).length === 0,
    ]);
}

async function restore(prober: Prober, resource: Resource, row: StoredRow, columns: readonly string[]): Promise<void> {
  const { update } = resource;
  if (!update || columns.length === 0) return;
  const values = Object.fromEntries(columns.map((name) => [name, row.body[name]]));
  const answer = await prober.call(update, { path: keyOf(resource, update, row.body), json: values });
  const isRestored = prober.expect(answer, answer.status === 200, '200 for the values that the row had before');
  if (isRestored && isObject(answer.json)) resource.stored[0] = { ...row, body: rowOf(answer.json) };
}
