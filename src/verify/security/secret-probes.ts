import { escapeIdentifier, type Client } from 'pg';
import type { Column, Table } from '../../domain/database-schema.ts';
import type { ProvisionedDatabase } from '../../domain/provisioned-database.ts';
import { sampleRows } from '../../samples/sample-rows.ts';
import type { ApiDocument, Operation } from '../api-document.ts';
import { connectAs } from '../connect-as.ts';
import { isObject, propertiesOf, type JsonSchema } from '../json-schema.ts';
import type { CallInput, Prober } from '../prober.ts';
import { dereference } from '../smoke/hostile-input.ts';
import { hasLogin, isSecretName, isSecretProperty, takesSecret } from './has-login.ts';
import { bodySchema, type Resource, type Row } from '../smoke/resource.ts';
import { sampleValue } from '../smoke/sample-value.ts';

export interface SecretProbes {
  /** A line for each operation by which anybody got at somebody's secret. */
  readonly faults: readonly string[];
  readonly notes: readonly string[];
}

/**
 * Tries, without signing in, to change what rows keep secret, and to give rows of others a secret of one's own. Where the
 * backend has no login, its secrets open nothing yet: that they can be changed is told, and is no fault.
 */
export async function probeSecrets(
  prober: Prober,
  clone: ProvisionedDatabase,
  resources: readonly Resource[],
): Promise<SecretProbes> {
  const tables = clone.schema.tables.filter((table) => table.primaryKey.length > 0 && secretsOf(table).length > 0);
  if (tables.length === 0) return { faults: [], notes: [] };
  const client = await connectAs(clone, clone.app, clone.name);
  try {
    await fillEmpty(client, clone);
    const found: string[] = [];
    for (const table of tables) {
      for (const operation of operationsOn(prober.document)) {
        found.push(...(await attempt(prober, client, table, operation, resources)));
      }
    }
    return hasLogin(prober.document, resources)
      ? { faults: found, notes: [] }
      : { faults: [], notes: found.map(asNote) };
  } finally {
    await client.end();
  }
}

function asNote(fault: string): string {
  return `${fault}; there is no login that it would open`;
}

/** Operations that take a secret from whoever calls them. */
function operationsOn(document: ApiDocument): Operation[] {
  return document.operations.filter(
    (operation) =>
      operation.method !== 'GET' && operation.body && takesSecret(bodySchema(operation, document), document),
  );
}

function secretsOf(table: Table): Column[] {
  const bound = new Set([...table.primaryKey, ...table.foreignKeys.flatMap(({ columns }) => columns)]);
  return table.columns.filter(
    ({ name, type, generated }) =>
      isSecretName(name) && !bound.has(name) && generated === undefined && /^(text|char|bytea|citext)/.test(type),
  );
}

/** Rows to attack where the backend let nobody make any. */
async function fillEmpty(client: Client, { schema }: ProvisionedDatabase): Promise<void> {
  for (const { table, rows } of sampleRows(schema, 2)) {
    const name = `public.${escapeIdentifier(table)}`;
    const { rows: found } = await client.query(`SELECT 1 FROM ${name} LIMIT 1`);
    for (const row of found.length > 0 ? [] : rows) await insert(client, name, row);
  }
}

/** A sample that breaks a rule of the table is left out. */
async function insert(client: Client, table: string, row: Row): Promise<void> {
  const columns = Object.keys(row).map(escapeIdentifier).join(', ');
  await client
    .query(`INSERT INTO ${table} (${columns}) SELECT ${columns} FROM json_populate_record(NULL::${table}, $1)`, [
      JSON.stringify(row),
    ])
    .catch(() => undefined);
}

/** One call of the operation about one row of the table; what came of it for its secrets, a line each. */
async function attempt(
  prober: Prober,
  client: Client,
  table: Table,
  operation: Operation,
  resources: readonly Resource[],
): Promise<string[]> {
  const before = await readRows(client, table);
  const [row] = before;
  if (!row) return [];
  await prober.call(operation, inputAbout(prober, operation, table, row, resources));
  const after = await readRows(client, table);
  const changed = secretsOf(table).filter(({ name }) => before.some((old) => isChanged(old, after, table, name)));
  const added = isCreateOf(table, operation, resources) && table.foreignKeys.length > 0 && after.length > before.length;
  return [
    ...changed.map(
      ({ name }) => `${operation.id}: anybody can change ${table.name}.${name} of a row, without signing in`,
    ),
    ...(added
      ? [`${operation.id}: anybody can make a row of ${table.name} with a secret of their own, without signing in`]
      : []),
  ];
}

async function readRows(client: Client, table: Table): Promise<Row[]> {
  const keys = table.primaryKey.map(escapeIdentifier).join(', ');
  const { rows } = await client.query<{ row: Row }>(
    `SELECT to_json(t) AS row FROM public.${escapeIdentifier(table.name)} t ORDER BY ${keys} LIMIT 500`,
  );
  return rows.map(({ row }) => row);
}

function isChanged(old: Row, after: readonly Row[], { primaryKey }: Table, secret: string): boolean {
  const now = after.find((row) => primaryKey.every((key) => JSON.stringify(row[key]) === JSON.stringify(old[key])));
  return now !== undefined && JSON.stringify(now[secret]) !== JSON.stringify(old[secret]);
}

function isCreateOf(table: Table, operation: Operation, resources: readonly Resource[]): boolean {
  return resources.some((resource) => resource.table.name === table.name && resource.create === operation);
}

/** What would change the row's secrets, if the operation did so for anybody. */
function inputAbout(
  prober: Prober,
  operation: Operation,
  table: Table,
  row: Row,
  resources: readonly Resource[],
): CallInput {
  const resolve = (reference: string) => prober.document.resolve(reference);
  const isCreate = resources.some((resource) => resource.create === operation);
  const key = table.primaryKey.map((name) => row[name]);
  const inPath = operation.parameters.filter((parameter) => parameter.in === 'path');
  const path = inPath.map(({ name }, index) => [name, String(valueOf(row, name) ?? key[index] ?? key[0])]);
  const whole = withEverySecret(sampleValue(bodySchema(operation, prober.document), resolve), operation, prober);
  const json =
    operation.method === 'PATCH' ? secretsAlone(whole) : aboutRow(whole, row, isCreate ? table.primaryKey : []);
  return { path: Object.fromEntries(path), json };
}

/** Optional secrets, too: what is not sent is not changed. */
function withEverySecret(body: unknown, operation: Operation, prober: Prober): unknown {
  const resolve = (reference: string) => prober.document.resolve(reference);
  const add = (value: unknown, schema: JsonSchema, depth: number): unknown => {
    if (!isObject(value) || depth > 4) return value;
    const entries = Object.entries(propertiesOf(dereference(schema, resolve))).flatMap(([name, property]) => {
      if (Object.hasOwn(value, name)) return [[name, add(value[name], property, depth + 1)] as const];
      return isSecretProperty(name, property) ? [[name, sampleValue(property, resolve)] as const] : [];
    });
    return { ...value, ...Object.fromEntries(entries) };
  };
  return add(body, bodySchema(operation, prober.document), 0);
}

/** A change of the secrets and of nothing else, wherever in the body they stand. */
function secretsAlone(body: unknown): unknown {
  if (!isObject(body)) return body;
  const kept = Object.entries(body).flatMap(([name, value]) => {
    if (isSecretName(name)) return [[name, value] as const];
    const inner = isObject(value) ? secretsAlone(value) : {};
    return isObject(inner) && Object.keys(inner).length > 0 ? [[name, inner] as const] : [];
  });
  return Object.fromEntries(kept);
}

/** The same with the row's own values wherever a property is called like a column, but for its secrets. */
function aboutRow(body: unknown, row: Row, leftOut: readonly string[]): unknown {
  if (!isObject(body)) return body;
  return Object.fromEntries(
    Object.entries(body).map(([name, value]) => {
      if (isObject(value)) return [name, aboutRow(value, row, leftOut)];
      const own = isSecretName(name) || leftOut.includes(name) ? undefined : valueOf(row, name);
      return [name, own ?? value];
    }),
  );
}

/** `userName` means `user_name`. */
function valueOf(row: Row, name: string): unknown {
  return Object.entries(row).find(([column]) => plain(column) === plain(name))?.[1];
}

function plain(name: string): string {
  return name.replaceAll('_', '').toLowerCase();
}
