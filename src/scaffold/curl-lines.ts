import type { AccessAction, AccessPlan } from '../domain/access.ts';
import type { DatabaseSchema } from '../domain/database-schema.ts';
import { changeableColumns } from './backend/table/table.ts';
import { fieldName } from '../domain/field-name.ts';
import { sampleRows } from '../samples/sample-rows.ts';
import type { TableModel } from './table-model.ts';

/** What to type to try one table's part of the API, as shell lines; those of earlier tables have run before. */
export interface CurlLines {
  readonly model: TableModel;
  readonly lines: readonly string[];
}

type Row = Readonly<Record<string, unknown>>;

/** What is known when a table's lines are written. */
interface Session {
  readonly models: readonly TableModel[];
  /** Rows that the seed does not bring, by table: one to show, one more for a second reference to the same table. */
  readonly fresh: ReadonlyMap<string, readonly Row[]>;
  /** The shell variable that holds a key, by `table.field`. */
  readonly variables: Map<string, string>;
  /** Undefined where nobody signs in; else `me` stands for curl with the token of the account that was made first. */
  readonly access: AccessPlan | undefined;
}

/** Lines that work whether or not the first `seededRows` sample rows of every table are there. */
export function curlLines(
  schema: DatabaseSchema,
  models: readonly TableModel[],
  seededRows: number,
  access?: AccessPlan,
): readonly CurlLines[] {
  const samples = sampleRows(schema, seededRows + 2);
  const fresh = new Map(samples.map(({ table, rows }) => [table, rows.slice(seededRows)]));
  const session = { models, fresh, variables: new Map<string, string>(), access };
  const accounts = models.find(({ table }) => table.name === access?.accounts?.table);
  if (!accounts) return models.map((model) => ({ model, lines: linesFor(model, session) }));
  // First of all, as the tables that come before it are no more open than the others.
  const others = models.filter((model) => model !== accounts);
  const signUp = { model: accounts, lines: accountLines(accounts, session) };
  return [signUp, ...others.map((model) => ({ model, lines: asMe(linesFor(model, session)) }))];
}

const PASSWORD = 'correct horse battery staple';

/** Makes an account, signs it in and asks who it is. */
function accountLines(model: TableModel, session: Session): string[] {
  const { accounts } = session.access ?? {};
  const row = session.fresh.get(model.table.name)?.[0] ?? {};
  const [key = ''] = model.keyColumns.map(fieldName);
  const login = fieldName(accounts?.login ?? '');
  const credentials = { [login]: row[login] ?? 'ada@example.com', password: PASSWORD };
  const registration = { ...neededFields(model, row), ...credentials };
  const variable = variableName(model);
  session.variables.set(`${model.table.name}.${key}`, variable);
  return [
    keep(variable, post('register', registration), key),
    keep('TOKEN', post('login', credentials), 'token'),
    'me() { curl -s -H "authorization: Bearer $TOKEN" "$@"; }',
    'me "$API/v1/auth/me"',
  ];
}

function post(path: string, body: object): string {
  return `curl -s "$API/v1/auth/${path}" ${JSON_TYPE} -d '${shellEscaped(JSON.stringify(body))}'`;
}

function asMe(lines: readonly string[]): string[] {
  return lines.map((line) => line.replace(/(^|\$\()curl -s /, '$1me '));
}

/** Whether any account may do it. */
function isForMe({ access }: Session, { table }: TableModel, action: AccessAction): boolean {
  if (!access) return true;
  const rules = access.tables.find((one) => one.table === table.name)?.[action] ?? [];
  return rules.some((rule) => ['anyone', 'signed-in', 'owner'].includes(typeof rule === 'string' ? rule : rule.who));
}

function linesFor(model: TableModel, session: Session): string[] {
  const canList = isForMe(session, model, 'read');
  const list = `curl -s "$API${model.collectionPath}?limit=10"`;
  const row = session.fresh.get(model.table.name)?.[0];
  if (!row || !isForMe(session, model, 'create')) return canList ? [list] : [];
  const others = otherParents(model, session);
  const [key, ...moreKeys] = model.keyColumns.map(fieldName);
  const create = createLine(model, row, session.variables, others.variables);
  if (key === undefined || moreKeys.length > 0) return [...others.lines, create, list];

  const variable = variableName(model);
  session.variables.set(`${model.table.name}.${key}`, variable);
  const item = `"$API${model.collectionPath}/$${variable}"`;
  return [
    ...others.lines,
    keep(variable, create, key),
    ...(canList ? [list, `curl -s ${item}`] : []),
    ...(isForMe(session, model, 'change') ? changeLines(model, row, item) : []),
  ];
}

/** Where a row refers to the same table twice, a second row of it, since the two are often not allowed to be one. */
function otherParents(model: TableModel, session: Session): { lines: string[]; variables: Map<string, string> } {
  const lines: string[] = [];
  const variables = new Map<string, string>();
  const seen = new Set<string>();
  for (const [field, { references }] of Object.entries(model.api.columns)) {
    if (!references) continue;
    const target = `${references.table}.${references.field}`;
    const parent = session.models.find((candidate) => candidate.table.name === references.table);
    const row = session.fresh.get(references.table)?.[1];
    const isSecond = seen.has(target);
    seen.add(target);
    if (!isSecond || !parent || !row || parent === model || !session.variables.has(target)) continue;
    const variable = `OTHER_${variableName(parent)}`;
    variables.set(field, variable);
    lines.push(keep(variable, createLine(parent, row, session.variables, new Map()), references.field));
  }
  return { lines, variables };
}

function changeLines(model: TableModel, row: Row, item: string): string[] {
  const change = changeableColumns(model.api).find(
    ([field, column]) => !column.references && !column.nullable && row[field] !== undefined,
  );
  if (!change) return [];
  const [field] = change;
  return [`curl -s -X PATCH ${item} ${JSON_TYPE} -d '${shellEscaped(JSON.stringify({ [field]: row[field] }))}'`];
}

const JSON_TYPE = "-H 'content-type: application/json'";

/** `ownVariables` hold keys for fields of this row alone. */
function createLine(
  model: TableModel,
  row: Row,
  variables: ReadonlyMap<string, string>,
  ownVariables: ReadonlyMap<string, string>,
): string {
  const parts = Object.entries(neededFields(model, row)).map(([field, value]) => {
    const reference = model.api.columns[field]?.references;
    const variable = ownVariables.get(field) ?? (reference && variables.get(`${reference.table}.${reference.field}`));
    const json = variable ? quotedVariable(variable, value) : shellEscaped(JSON.stringify(value));
    return `${shellEscaped(JSON.stringify(field))}:${json}`;
  });
  return `curl -s "$API${model.collectionPath}" ${JSON_TYPE} -d '{${parts.join(',')}}'`;
}

/** Runs the line and keeps the key that the answer has; `field` is defined at the top of the README. */
function keep(variable: string, line: string, key: string): string {
  return `${variable}=$(${line} | field '${shellEscaped(key)}')`;
}

/** What the row must have, by its columns or by a check on them. */
function neededFields(model: TableModel, row: Row): Row {
  const needed = Object.entries(model.api.columns).filter(([field, column]) => {
    if (column.optional || column.readOnly || (row[field] ?? null) === null) return false;
    return !column.nullable || model.table.checks.some((check) => check.expression.includes(field));
  });
  return Object.fromEntries(needed.map(([field]) => [field, row[field]]));
}

/** Closes the single quotes around the JSON, and opens them again behind the variable. */
function quotedVariable(variable: string, value: unknown): string {
  return typeof value === 'string' ? `"'"$${variable}"'"` : `'"$${variable}"'`;
}

function variableName(model: TableModel): string {
  return `${model.names.model.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toUpperCase()}_ID`;
}

function shellEscaped(text: string): string {
  return text.replaceAll("'", `'\\''`);
}
