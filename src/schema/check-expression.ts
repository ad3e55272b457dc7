import type { A_Expr, FuncCall, Node, TypeCast } from 'libpg-query';
import {
  ALLOWED_FUNCTIONS,
  ALLOWED_OPERATORS,
  EXTENSION_FUNCTIONS,
  FUNCTION_SUGGESTIONS,
  LANGUAGE_DEPENDENT,
  TIME_ZONE_DEPENDENT,
  type Volatility,
} from './allowed-functions.ts';
import { checkProportion } from './bounds/measure-expression.ts';
import { LIMITS } from './limits.ts';
import { readType } from './read-type.ts';
import { refuse, type Reading } from './reading.ts';
import type { ColumnType } from './schema-draft.ts';
import { childrenOf, columnsIn, textsOf } from './syntax-nodes.ts';

/** What an expression stands for decides what it may depend on. */
interface Place {
  /** As a message names it: `the default of posts.created_at`. */
  readonly where: string;
  /** The columns it may refer to; none for a default. */
  readonly columns: ReadonlySet<string>;
  readonly allows: readonly Volatility[];
  /** Columns whose fields depend on the session's time zone. */
  readonly zonedColumns?: ReadonlySet<string>;
}

const DEPENDS_ON: Record<Volatility, string> = {
  fixed: 'its arguments',
  settings: 'the session’s settings',
  clock: 'the time it is called',
  volatile: 'more than its arguments: it differs at every call',
};

/** A default may call anything allowed, but sees no column. */
export function checkDefault(reading: Reading, where: string, expression: Node): void {
  const place: Place = { where, columns: new Set(), allows: ['fixed', 'settings', 'clock', 'volatile'] };
  checkWhole(reading, place, expression);
}

/** A condition must say the same of a row today and tomorrow, or a restored dump would refuse its own rows. */
export function checkCondition(reading: Reading, where: string, columns: ReadonlySet<string>, expression: Node): void {
  checkWhole(reading, { where, columns, allows: ['fixed', 'settings'] }, expression);
}

/** A value that is stored or indexed must follow from the row alone. */
export function checkStoredValue(
  reading: Reading,
  where: string,
  columns: ReadonlySet<string>,
  zonedColumns: ReadonlySet<string>,
  expression: Node,
): void {
  checkWhole(reading, { where, columns, allows: ['fixed'], zonedColumns }, expression);
}

/** First what it is made of, then what can come of it. */
function checkWhole(reading: Reading, place: Place, expression: Node): void {
  const before = reading.findings.length;
  checkExpression(reading, place, expression);
  if (reading.findings.length > before) return;
  const types = reading.names.columnTypes.get(reading.table ?? '') ?? new Map();
  checkProportion({ reading, where: place.where, types }, expression);
}

function checkExpression(reading: Reading, place: Place, expression: Node, depth = 0): void {
  if (depth > LIMITS.expressionDepth) {
    refuse(
      reading,
      'too-large',
      `${place.where} is nested more than ${LIMITS.expressionDepth} deep`,
      'Write a simpler expression.',
    );
    return;
  }
  checkNode(reading, place, expression);
  for (const child of operandsOf(expression)) checkExpression(reading, place, child, depth + 1);
}

/** What is below a node as a value: not the names of its function, operator or collation. */
function operandsOf(expression: Node): readonly Node[] {
  if ('ColumnRef' in expression || 'A_Const' in expression) return [];
  return childrenOf(expression).filter((child) => !('String' in child));
}

function checkNode(reading: Reading, place: Place, node: Node): void {
  if ('ColumnRef' in node) checkColumn(reading, place, textsOf(node.ColumnRef.fields));
  else if ('FuncCall' in node) checkCall(reading, place, node.FuncCall);
  else if ('A_Expr' in node) checkOperator(reading, place, node.A_Expr);
  else if ('TypeCast' in node) checkCast(reading, place, node.TypeCast);
  else if ('SQLValueFunction' in node) checkVolatility(reading, place, 'CURRENT_DATE and its like', 'clock');
  else if ('CollateClause' in node) checkCollation(reading, place.where, node.CollateClause.collname);
  else if ('A_Const' in node) checkConstant(reading, place, node.A_Const.sval?.sval ?? '');
}

function checkColumn(reading: Reading, place: Place, names: readonly string[]): void {
  const [name] = names;
  if (names.length === 1 && name !== undefined && place.columns.has(name)) return;
  const column = names.join('.');
  const message = place.columns.size
    ? `${place.where} refers to "${column}", which is not a column of this table`
    : `${place.where} refers to "${column}", and a default sees no column`;
  refuse(reading, 'unknown-column', message, 'Name a column of this table, or put text into single quotes.');
}

function checkCall(reading: Reading, place: Place, call: FuncCall): void {
  const names = textsOf(call.funcname);
  const name = names.length === 2 && names[0] === 'pg_catalog' ? names[1]! : names.join('.');
  const volatility = ALLOWED_FUNCTIONS.get(name);
  const extension = EXTENSION_FUNCTIONS.get(name);
  if (volatility === undefined) refuseFunction(reading, place, name);
  else if (extension !== undefined && !reading.names.extensions.has(extension)) {
    const instead = FUNCTION_SUGGESTIONS.get(name);
    const fix = instead ? `Write ${instead}.` : `Add CREATE EXTENSION "${extension}".`;
    refuse(reading, 'function-refused', `${place.where} calls ${name}(), which needs the extension ${extension}`, fix);
  } else checkVolatility(reading, place, `${name}()`, volatilityOf(name, volatility, place, call));
}

function refuseFunction(reading: Reading, place: Place, name: string): void {
  const instead = FUNCTION_SUGGESTIONS.get(name.toLowerCase());
  const fix = instead ? `Write ${instead}.` : 'Leave it out, and do it in the backend’s code.';
  refuse(
    reading,
    'function-refused',
    `${place.where} calls ${name.slice(0, 80)}(), which is not an allowed function`,
    fix,
  );
}

function volatilityOf(name: string, volatility: Volatility, place: Place, call: FuncCall): Volatility {
  const args = call.args ?? [];
  if (LANGUAGE_DEPENDENT.has(name) && args.length < 2) return 'settings';
  if (name === 'to_timestamp' && args.length === 1) return 'fixed';
  if (
    TIME_ZONE_DEPENDENT.has(name) &&
    args.some((arg) => columnsIn(arg).some((column) => place.zonedColumns?.has(column)))
  ) {
    return 'settings';
  }
  return volatility;
}

function checkVolatility(reading: Reading, place: Place, what: string, volatility: Volatility): void {
  if (place.allows.includes(volatility)) return;
  refuse(
    reading,
    'volatile-expression',
    `${place.where} uses ${what}, which depends on ${DEPENDS_ON[volatility]}`,
    'Use the row’s own columns and fixed functions only, or check it in the backend’s code.',
  );
}

function checkOperator(reading: Reading, place: Place, expression: A_Expr): void {
  const names = textsOf(expression.name);
  if (names.length === 1 && ALLOWED_OPERATORS.has(names[0] ?? '')) return;
  refuse(
    reading,
    'operator-refused',
    `${place.where} uses the operator ${names.join('.').slice(0, 80)}, which is not allowed`,
    'Use a common operator.',
  );
}

function checkCast(reading: Reading, place: Place, cast: TypeCast): void {
  const type = cast.typeName && readType(reading, cast.typeName);
  const zoned = type && ['date', 'time', 'timestamp', 'timetz', 'text', 'varchar'].includes(type.name);
  const column = cast.arg && 'ColumnRef' in cast.arg ? columnsIn(cast.arg)[0] : undefined;
  if (zoned && column !== undefined && place.zonedColumns?.has(column)) {
    checkVolatility(reading, place, `${column}::${type.name}`, 'settings');
  } else if (type && cast.arg && dependsOnSettings(reading, cast.arg, type)) {
    checkVolatility(reading, place, `a cast to ${type.name}`, 'settings');
  }
}

const TEXTS: ReadonlySet<string> = new Set(['text', 'varchar', 'bpchar', 'citext']);
/** Types whose text depends on settings, either way; enums and arrays do as well. */
const WRITTEN_BY_SETTINGS = /^(?:date|timestamp|timestamptz|interval|money|\w+range)$/;
const READ_BY_SETTINGS = /^(?:date|timetz?|timestamptz?|interval|money|\w+range)$/;

/** Whether Postgres holds a cast to depend on the session: the text of a time, an enum or an array, either way. */
function dependsOnSettings(reading: Reading, value: Node, target: ColumnType): boolean {
  const isNamed = (name: string) => reading.names.enums.has(name);
  const { type: source, isArray } = typeOfValue(reading, value);
  const isText = TEXTS.has(target.name) && target.arrayDimensions === 0;
  if (isText) return source !== undefined && (isArray || isNamed(source) || WRITTEN_BY_SETTINGS.test(source));
  if (source === undefined || !TEXTS.has(source) || isArray) return false;
  return target.arrayDimensions > 0 || isNamed(target.name) || READ_BY_SETTINGS.test(target.name);
}

/** The type of a column, or of what takes text out of JSON. */
function typeOfValue(reading: Reading, value: Node): { readonly type: string | undefined; readonly isArray: boolean } {
  if ('A_Expr' in value && /^(?:->>|#>>|\|\|)$/.test(textsOf(value.A_Expr.name)[0] ?? '')) {
    return { type: 'text', isArray: false };
  }
  const column = 'ColumnRef' in value ? columnsIn(value)[0] : undefined;
  const written = reading.names.columnTypes.get(reading.table ?? '')?.get(column ?? '');
  return { type: textsOf(written?.names).at(-1), isArray: (written?.arrayBounds ?? []).length > 0 };
}

/** Only `COLLATE "C"` means the same on every machine. */
export function checkCollation(reading: Reading, where: string, name: readonly Node[] | undefined): void {
  if (textsOf(name).join('.') === 'C' || textsOf(name).join('.') === 'pg_catalog.C') return;
  refuse(
    reading,
    'collation-refused',
    `${where} names the collation ${textsOf(name).join('.').slice(0, 80)}`,
    'Leave COLLATE out, or write COLLATE "C".',
  );
}

function checkConstant(reading: Reading, place: Place, text: string): void {
  if (Buffer.byteLength(text) <= LIMITS.textBytes) return;
  refuse(reading, 'too-large', `${place.where} holds a text of more than ${LIMITS.textBytes} bytes`, 'Leave it out.');
}
