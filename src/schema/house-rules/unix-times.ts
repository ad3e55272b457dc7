import type { Node } from 'libpg-query';
import { formatType } from '../format-type.ts';
import type { ColumnDraft, TableDraft } from '../schema-draft.ts';
import { childrenOf, stringNode, textsOf } from '../syntax-nodes.ts';
import { changeable, expressionUses } from './expression-uses.ts';
import { changeColumns, tableRule, type Departure } from './house-rule.ts';

const TIMES: ReadonlySet<string> = new Set(['timestamp', 'timestamptz']);
const BIGINT = { name: 'int8', modifiers: [], arrayDimensions: 0 };

/** Times are unix seconds in a bigint: the same in every language and time zone. */
export const unixTimes = tableRule((table) => {
  const wanted = new Set(table.columns.filter(isConvertible).map(({ name }) => name));
  const columns = changeable(wanted, expressionUses(table));
  const departures: Departure[] = table.columns
    .filter(({ name }) => columns.has(name))
    .map((column) => ({
      code: 'unix-time',
      table: table.name,
      message: `${table.name}.${column.name} is ${formatType(column.type)}; times are unix seconds`,
      instead: `${column.name} bigint`,
    }));
  return { table: withBigints(table, columns), departures };
});

/** A column that holds a moment, however it is kept. */
export function isTime({ name, type }: ColumnDraft): boolean {
  return TIMES.has(type.name) || (name.endsWith('_at') && ['int4', 'int8', 'date'].includes(type.name));
}

function isConvertible(column: ColumnDraft): boolean {
  const { name, type, generated } = column;
  if (type.arrayDimensions > 0 || generated || column.identity) return false;
  if (type.name === 'int4') return name.endsWith('_at') && !column.default;
  return TIMES.has(type.name) && (column.default === undefined || isNow(column.default));
}

function withBigints(table: TableDraft, columns: ReadonlySet<string>): TableDraft {
  const changed = changeColumns(table, (column) =>
    columns.has(column.name) ? { ...column, type: BIGINT, default: column.default && unixNow() } : column,
  );
  return { ...changed, indexes: withoutOperatorClasses(changed, columns) };
}

/** An operator class belongs to the type that the column had. */
export function withoutOperatorClasses(table: TableDraft, columns: ReadonlySet<string>): TableDraft['indexes'] {
  return table.indexes.map((index) => ({
    ...index,
    keys: index.keys.map((key) =>
      'column' in key.on && columns.has(key.on.column) ? { ...key, operatorClass: undefined } : key,
    ),
  }));
}

const CLOCKS: ReadonlySet<string> = new Set(['now', 'clock_timestamp', 'statement_timestamp', 'transaction_timestamp']);

/** `now()`, `CURRENT_TIMESTAMP`, or one of them behind casts and a time zone. */
function isNow(expression: Node): boolean {
  if ('SQLValueFunction' in expression) return /TIMESTAMP/.test(expression.SQLValueFunction.op ?? '');
  if ('FuncCall' in expression && CLOCKS.has(textsOf(expression.FuncCall.funcname).at(-1) ?? '')) return true;
  const wraps =
    'TypeCast' in expression ||
    ('FuncCall' in expression && textsOf(expression.FuncCall.funcname).at(-1) === 'timezone');
  return wraps && childrenOf(expression).some(isNow);
}

/** `(extract(epoch from now()))::bigint` */
export function unixNow(): Node {
  const now: Node = { FuncCall: { funcname: [stringNode('now')], funcformat: 'COERCE_EXPLICIT_CALL' } };
  const epoch: Node = { A_Const: { sval: { sval: 'epoch' } } };
  const extract: Node = {
    FuncCall: {
      funcname: [stringNode('pg_catalog'), stringNode('extract')],
      args: [epoch, now],
      funcformat: 'COERCE_SQL_SYNTAX',
    },
  };
  return {
    TypeCast: { arg: extract, typeName: { names: [stringNode('pg_catalog'), stringNode('int8')], typemod: -1 } },
  };
}
