import { plainRecord } from '../../../domain/plain-record.ts';
import { singularName, snakeCase } from '../names.ts';
import {
  deleteRule,
  type GivenColumn,
  type GivenEnum,
  type GivenSchema,
  type GivenTable,
  sqlConstant,
} from './given-schema.ts';
import {
  type PythonAssignment,
  type PythonCall,
  type PythonClass,
  pythonConstant,
  pythonList,
  readCall,
  readClasses,
} from './python-classes.ts';
import { sqlType } from './sql-type.ts';

/** SQLAlchemy's types, and Python's in `Mapped[…]`. */
const TYPES: Readonly<Record<string, string>> = plainRecord<string>(
  Object.entries({
    String: 'varchar',
    Unicode: 'varchar',
    Text: 'text',
    UnicodeText: 'text',
    Integer: 'integer',
    SmallInteger: 'smallint',
    BigInteger: 'bigint',
    Float: 'double precision',
    Double: 'double precision',
    Numeric: 'numeric',
    DECIMAL: 'numeric',
    Boolean: 'boolean',
    DateTime: 'timestamptz',
    TIMESTAMP: 'timestamptz',
    Date: 'date',
    Time: 'time',
    Interval: 'interval',
    JSON: 'jsonb',
    JSONB: 'jsonb',
    LargeBinary: 'bytea',
    UUID: 'uuid',
    Uuid: 'uuid',
    str: 'text',
    int: 'integer',
    float: 'double precision',
    bool: 'boolean',
    datetime: 'timestamptz',
    date: 'date',
    time: 'time',
    dict: 'jsonb',
    bytes: 'bytea',
  }),
);

/** The declarative models and association tables of an SQLAlchemy module. */
export function readSqlalchemy(text: string): GivenSchema {
  const classes = readClasses(text);
  const enums = classes.filter(({ bases }) => bases.some((base) => base.endsWith('Enum'))).map(readEnum);
  const tables = classes.flatMap((model) => readModel(model, classes, enums));
  const named = new Set([...tables, ...readTables(text, enums)].map(({ table }) => table));
  return { tables: [...named], enums: [...enums, ...[...tables].flatMap((one) => one.enums)], links: [], leftOut: [] };
}

interface Read {
  readonly table: GivenTable;
  /** Enums that stand in its columns: `Enum('a', 'b', name='status')`. */
  readonly enums: readonly GivenEnum[];
}

function readEnum({ name, assignments }: PythonClass): GivenEnum {
  return { name, values: assignments.flatMap(({ value }) => String(pythonConstant(value) ?? '') || []) };
}

function readModel(model: PythonClass, classes: readonly PythonClass[], enums: readonly GivenEnum[]): Read[] {
  const find = (name: string) => model.assignments.find((one) => one.name === name)?.value;
  const table = pythonConstant(find('__tablename__'));
  if (typeof table !== 'string') return [];
  const mixins = classes.filter(
    ({ name, assignments }) => model.bases.includes(name) && !assignments.some((one) => one.name === '__tablename__'),
  );
  const columns = [...mixins.flatMap(({ assignments }) => assignments), ...model.assignments].flatMap((one) =>
    readColumn(one, table, enums),
  );
  const extras = pythonList(find('__table_args__')).flatMap((one) => readCall(one) ?? []);
  return [{ table: tableOf(table, columns, extras), enums: columns.flatMap(({ enums: own }) => own) }];
}

/** `association = Table('name', Base.metadata, Column(…), …)`. */
function readTables(text: string, enums: readonly GivenEnum[]): Read[] {
  return [...text.matchAll(/^\w+\s*=\s*((?:\w+\.)?Table\s*\([\s\S]*?^\))/gm)].flatMap(([, written = '']) => {
    const call = readCall(written.replaceAll(/\s*\n\s*/g, ' '));
    const name = pythonConstant(call?.args[0]);
    if (!call || typeof name !== 'string') return [];
    const calls = call.args.flatMap((one) => readCall(one) ?? []);
    const columns = calls
      .filter((one) => one.name === 'Column')
      .flatMap((one) => readColumn({ name: String(pythonConstant(one.args[0]) ?? ''), value: '' }, name, enums, one));
    return [{ table: tableOf(name, columns, calls), enums: columns.flatMap(({ enums: own }) => own) }];
  });
}

interface ReadColumn {
  readonly column: GivenColumn;
  readonly isKey: boolean;
  readonly enums: readonly GivenEnum[];
}

function tableOf(name: string, columns: readonly ReadColumn[], extras: readonly PythonCall[]): GivenTable {
  const sets = (wanted: string) =>
    extras
      .filter((call) => call.name === wanted)
      .map(({ args }) => args.flatMap((arg) => String(pythonConstant(arg) ?? '') || []));
  const compound = sets('PrimaryKeyConstraint')[0];
  return {
    name,
    columns: columns.map(({ column }) => column),
    primaryKey: compound ?? columns.filter(({ isKey }) => isKey).map(({ column }) => column.name),
    uniques: sets('UniqueConstraint'),
    indexes: sets('Index')
      .map((names) => names.slice(1))
      .filter((names) => names.length > 0),
  };
}

function readColumn(
  { name, value, annotation }: PythonAssignment,
  table: string,
  enums: readonly GivenEnum[],
  given?: PythonCall,
): ReadColumn[] {
  const call = given ?? readCall(value);
  const mapped = /^Mapped\[(.+)\]$/.exec(annotation ?? '')?.[1];
  if (!(call && /^(?:Column|mapped_column)$/.test(call.name)) && (mapped === undefined || call)) return [];
  const args = (call?.args ?? []).filter((arg) => pythonConstant(arg) === undefined);
  const own = call?.args.map((arg) => pythonConstant(arg)).find((arg) => typeof arg === 'string');
  const key = args.flatMap((arg) => readCall(arg) ?? []).find((one) => one.name === 'ForeignKey');
  const typed = args.find((arg) => !/ForeignKey|Identity|Sequence/.test(arg));
  const column = own ?? name;
  const { type, enums: made } = typeOf(typed, mapped, `${singularName(table)}_${snakeCase(column)}`, enums);
  const option = (text: string) => call?.named.get(text);
  const isKey = option('primary_key') === 'True';
  const isCounted = isKey && type === 'integer' && !key && option('autoincrement') !== 'False';
  return [
    {
      column: {
        name: column,
        type: key ? undefined : type,
        nullable: !isKey && isNullable(option('nullable'), mapped),
        unique: option('unique') === 'True' || undefined,
        isCounted: isCounted || undefined,
        default: defaultOf(option('server_default') ?? option('default'), enums),
        references: key && referenceOf(key),
      },
      isKey,
      enums: made,
    },
  ];
}

/** What is said counts; else a mapped column is required unless it is `Optional`, a plain one is not. */
function isNullable(said: string | undefined, mapped: string | undefined): boolean {
  if (said !== undefined) return said === 'True';
  return mapped === undefined || /Optional\[|\bNone\b/.test(mapped);
}

function typeOf(
  written: string | undefined,
  mapped: string | undefined,
  name: string,
  enums: readonly GivenEnum[],
): { type: string; enums: GivenEnum[] } {
  const call = readCall(written ?? '');
  const base =
    (call?.name ?? written ?? mapped?.replace(/^Optional\[(.+)\]$/, '$1').replace(/\s*\|\s*None$/, '') ?? 'str')
      .split('.')
      .at(-1) ?? '';
  if (/^(?:Enum|SQLEnum|SAEnum)$/.test(base)) return enumType(call, name, enums);
  const known = enums.find((one) => one.name === base);
  if (known) return { type: known.name, enums: [] };
  const type = TYPES[base] ?? sqlType(base);
  const sizes = call?.args.filter((arg) => /^\d+$/.test(arg)) ?? [];
  const length = call?.named.get('length');
  const all = sizes.length > 0 ? sizes : length === undefined ? [] : [length];
  return { type: all.length > 0 && /^(?:varchar|numeric)$/.test(type) ? `${type}(${all.join(',')})` : type, enums: [] };
}

function enumType(
  call: PythonCall | undefined,
  name: string,
  enums: readonly GivenEnum[],
): { type: string; enums: GivenEnum[] } {
  const known = enums.find((one) => one.name === call?.args[0]);
  if (known) return { type: known.name, enums: [] };
  const values = call?.args.flatMap((arg) => String(pythonConstant(arg) ?? '') || []) ?? [];
  const own = String(pythonConstant(call?.named.get('name')) ?? name);
  return values.length > 0 ? { type: own, enums: [{ name: own, values }] } : { type: 'text', enums: [] };
}

function referenceOf({ args, named }: PythonCall): GivenColumn['references'] {
  const path = String(pythonConstant(args[0]) ?? args[0] ?? '').split('.');
  const onDelete = pythonConstant(named.get('ondelete'));
  return {
    table: path.at(-2) ?? '',
    column: path.at(-1),
    onDelete: deleteRule(typeof onDelete === 'string' ? onDelete : undefined),
  };
}

function defaultOf(written: string | undefined, enums: readonly GivenEnum[]): string | undefined {
  if (written === undefined) return undefined;
  const [owner, member] = written.split('.');
  if (member !== undefined && enums.some(({ name, values }) => name === owner && values.includes(member)))
    return sqlConstant(member);
  if (/now\b|utcnow|CURRENT_TIMESTAMP/i.test(written)) return 'now()';
  if (/uuid4|gen_random_uuid/.test(written)) return 'gen_random_uuid()';
  const text = readCall(written);
  const value = pythonConstant(text?.name === 'text' ? text.args[0] : written);
  return value === undefined ? undefined : sqlConstant(value);
}
