import type * as Syntax from '@babel/types';
import { snakeCase } from '../names.ts';
import type { GivenColumn, GivenEnum, GivenForeignKey, GivenSchema, GivenTable } from './given-schema.ts';
import { deleteRule, sqlConstant } from './given-schema.ts';
import {
  type Call,
  callsOf,
  constantOf,
  declarations,
  parseProgram,
  pathOf,
  propertiesOf,
  textOf,
  textsOf,
} from './parse-program.ts';
import { sqlType } from './sql-type.ts';

const TABLE = /^(?:pg|mysql|sqlite)Table$/;
const ENUM = /^(?:pg|mysql)Enum$/;

/** The tables and enums that a Drizzle schema declares. */
export function readDrizzle(text: string): GivenSchema {
  const declared = declarations(parseProgram(text, /^\s*(?:import|export|const)\b/));
  const enums = new Map(declared.flatMap(readEnum));
  const tables = declared.flatMap(([name, node]) => tableCall(name, node));
  const reading = { enums, tables: new Map(tables.map((table) => [table.variable, table])) };
  return {
    tables: tables.map((table) => readTable(table, reading)),
    enums: [...enums.values()],
    links: [],
    leftOut: [],
  };
}

interface TableCall {
  readonly variable: string;
  readonly name: string;
  readonly columns: readonly (readonly [string, Syntax.Node])[];
  readonly extras: readonly Call[][];
}

interface Reading {
  readonly enums: ReadonlyMap<string, GivenEnum>;
  /** Tables by their variables. */
  readonly tables: ReadonlyMap<string, TableCall>;
}

function readEnum([variable, node]: readonly [string, Syntax.Node]): (readonly [string, GivenEnum])[] {
  const [call] = callsOf(node);
  const name = textOf(call?.args[0]);
  return call && ENUM.test(call.name) && name !== undefined
    ? [[variable, { name, values: textsOf(call.args[1]) }]]
    : [];
}

function tableCall(variable: string, node: Syntax.Node): TableCall[] {
  const call = callsOf(node).find(({ name }) => TABLE.test(name));
  const name = textOf(call?.args[0]);
  if (!call || name === undefined) return [];
  const columns = call.args[1]?.type === 'ArrowFunctionExpression' ? call.args[1].body : call.args[1];
  return [{ variable, name, columns: propertiesOf(columns), extras: extrasOf(call.args[2]) }];
}

/** What stands behind the columns: `(t) => [primaryKey(…), unique().on(…)]`, or an object of such. */
function extrasOf(node: Syntax.Node | undefined): Call[][] {
  const body = node?.type === 'ArrowFunctionExpression' ? node.body : node;
  if (body?.type === 'ArrayExpression') return body.elements.flatMap((one) => (one ? [callsOf(one)] : []));
  return propertiesOf(body).map(([, value]) => callsOf(value));
}

function readTable(table: TableCall, reading: Reading): GivenTable {
  const columns = table.columns.map(([field, node]) => readColumn(field, callsOf(node), reading));
  const named = (paths: readonly (Syntax.Node | undefined)[]) =>
    paths.map((path) => columnName(table, pathOf(path).at(-1) ?? ''));
  const keys = table.columns.filter(([, node]) => callsOf(node).some(({ name }) => name === 'primaryKey'));
  const compound = table.extras.find(([first]) => first?.name === 'primaryKey')?.[0];
  return {
    name: table.name,
    columns,
    primaryKey: compound ? named(listArgument(compound, 'columns')) : keys.map(([field]) => columnName(table, field)),
    uniques: setsOf(table, /^unique(?:Index)?$/, named),
    indexes: setsOf(table, /^index$/, named),
    foreignKeys: table.extras.flatMap(([first]) =>
      first?.name === 'foreignKey' ? foreignKey(first, table, reading) : [],
    ),
  };
}

function setsOf(
  table: TableCall,
  first: RegExp,
  named: (paths: readonly (Syntax.Node | undefined)[]) => string[],
): string[][] {
  return table.extras
    .filter((calls) => first.test(calls[0]?.name ?? ''))
    .map((calls) => named(calls.find(({ name }) => name === 'on')?.args ?? []))
    .filter((names) => names.length > 0 && !names.includes(''));
}

function foreignKey(call: Call, table: TableCall, { tables }: Reading): GivenForeignKey[] {
  const [columns, referenced] = ['columns', 'foreignColumns'].map((name) =>
    listArgument(call, name).map((path) => pathOf(path)),
  );
  const target = tables.get(referenced?.[0]?.[0] ?? '');
  if (!columns || !referenced || !target) return [];
  return [
    {
      columns: columns.map((path) => columnName(table, path.at(-1) ?? '')),
      table: target.name,
      referenced: referenced.map((path) => columnName(target, path.at(-1) ?? '')),
    },
  ];
}

function listArgument({ args }: Call, name: string): (Syntax.Node | undefined)[] {
  const found = propertiesOf(args[0]).find(([key]) => key === name)?.[1];
  return found?.type === 'ArrayExpression' ? found.elements.map((one) => one ?? undefined) : [];
}

function columnName(table: TableCall, field: string): string {
  const node = table.columns.find(([name]) => name === field)?.[1];
  return (node && textOf(callsOf(node)[0]?.args[0])) ?? field;
}

function readColumn(field: string, calls: readonly Call[], reading: Reading): GivenColumn {
  const [base, ...rest] = calls;
  const has = (name: string) => rest.some((call) => call.name === name);
  const type = typeOf(base, reading);
  return {
    name: textOf(base?.args[0]) ?? field,
    type: has('array') ? `${type}[]` : type,
    nullable: !has('notNull') && !has('primaryKey'),
    unique: has('unique') || undefined,
    isCounted:
      has('generatedAlwaysAsIdentity') || has('generatedByDefaultAsIdentity') || has('autoincrement') || undefined,
    default: defaultOf(rest, type),
    references: referenceOf(rest, reading),
  };
}

function typeOf(call: Call | undefined, { enums }: Reading): string {
  const named = enums.get(call?.name ?? '');
  if (named) return named.name;
  const options = propertiesOf(call?.args.find((arg) => arg.type === 'ObjectExpression'));
  const option = (name: string) => constantOf(options.find(([key]) => key === name)?.[1]);
  if (call?.name === 'timestamp') return option('withTimezone') ? 'timestamptz' : 'timestamp';
  const sizes = [option('length') ?? option('precision'), option('scale')].filter((size) => typeof size === 'number');
  const written = snakeCase(call?.name ?? 'text').replace('double_precision', 'double precision');
  return sqlType(sizes.length > 0 ? `${written}(${sizes.join(',')})` : written);
}

function defaultOf(calls: readonly Call[], type: string): string | undefined {
  for (const { name, args } of calls) {
    if (name === 'defaultNow') return type === 'date' ? 'CURRENT_DATE' : 'now()';
    if (name === 'defaultRandom') return 'gen_random_uuid()';
    const value = name === 'default' ? constantOf(args[0]) : undefined;
    if (value !== undefined) return sqlConstant(value);
    if (name === 'default' && args[0]?.type === 'TaggedTemplateExpression') return textOf(args[0].quasi);
  }
  return undefined;
}

function referenceOf(calls: readonly Call[], { tables }: Reading): GivenColumn['references'] {
  const call = calls.find(({ name }) => name === 'references');
  const [variable = '', field = ''] = pathOf(call?.args[0]);
  const table = tables.get(variable);
  if (!call || !table) return undefined;
  const onDelete = propertiesOf(call.args[1]).find(([key]) => key === 'onDelete')?.[1];
  return { table: table.name, column: columnName(table, field), onDelete: deleteRule(textOf(onDelete)) };
}
