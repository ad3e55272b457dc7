import type { Column as Field, Database, Index, Ref, Table } from '@dbml/parse';
import { Compiler, DEFAULT_ENTRY, MemoryProjectLayout } from '@dbml/parse';
import {
  type GivenColumn,
  type GivenForeignKey,
  type GivenSchema,
  type GivenTable,
  deleteRule,
  sqlConstant,
} from './given-schema.ts';
import { sqlType } from './sql-type.ts';

/** The tables, enums and refs of a DBML text. Throws, with the first complaint of its grammar, where that is broken. */
export function readDbml(text: string): GivenSchema {
  const layout = new MemoryProjectLayout();
  layout.setSource(DEFAULT_ENTRY, elementsOf(text));
  const report = new Compiler(layout).interpretFile(DEFAULT_ENTRY);
  const database = report.getValue();
  if (database === undefined) throw new Error(report.getErrors()[0]?.message ?? 'the DBML cannot be read');
  const enums = database.enums.map(({ name, values }) => ({ name, values: values.map((value) => value.name) }));
  return {
    tables: database.tables.map((table) => readTable(table, database)),
    enums,
    links: database.refs.filter(isMutual).map(({ endpoints: [left, right] }) => ({
      left: left.tableName,
      right: right.tableName,
    })),
    leftOut: [],
  };
}

/** The elements of the text, without the prose around them. */
function elementsOf(text: string): string {
  const lines = text.split('\n');
  const start = lines.findIndex((line) => ELEMENT.test(line));
  const end = lines.findLastIndex((line) => /\}\s*$/.test(line) || /^\s*ref\b/i.test(line));
  return lines.slice(Math.max(start, 0), end + 1).join('\n');
}

const ELEMENT = /^\s*(?:table|enum|ref|project|tablegroup|note|tablepartial)\b[^.]*[{:]/i;

function readTable(table: Table, database: Database): GivenTable {
  const keys = database.refs.map((ref) => foreignKey(ref, table)).filter((key) => key !== undefined);
  const isEnum = (type: string) => database.enums.some(({ name }) => name === type);
  const named = table.fields.filter(({ pk }) => pk).map(({ name }) => name);
  const sets = (wanted: (index: Index) => boolean | undefined) => table.indexes.filter(wanted).map(columnsOf);
  const primaryKey = sets(({ pk }) => pk)[0] ?? named;
  return {
    name: table.name,
    columns: table.fields.map((field) => readField(field, keys, isEnum, primaryKey.includes(field.name))),
    primaryKey,
    uniques: sets(({ unique }) => unique),
    indexes: sets(({ unique, pk }) => !unique && !pk).filter((names) => names.length > 0),
    foreignKeys: keys.filter(({ columns }) => columns.length > 1),
  };
}

function columnsOf(index: Index): string[] {
  return index.columns.filter(({ type }) => type === 'column').map(({ value }) => value);
}

function readField(
  field: Field,
  keys: readonly GivenForeignKey[],
  isEnum: (type: string) => boolean,
  isKey: boolean,
): GivenColumn {
  const key = keys.find(({ columns }) => columns.length === 1 && columns[0] === field.name);
  const type = isEnum(field.type.type_name) ? field.type.type_name : sqlType(field.type.type_name);
  return {
    name: field.name,
    type,
    nullable: !field.not_null && !isKey,
    unique: field.unique || undefined,
    isCounted: field.increment && !/serial/.test(type) ? true : undefined,
    default: defaultOf(field),
    references: key && { table: key.table, column: key.referenced[0], onDelete: key.onDelete },
  };
}

function defaultOf({ dbdefault }: Field): string | undefined {
  if (dbdefault === undefined) return undefined;
  const { type, value } = dbdefault;
  return type === 'string' ? sqlConstant(String(value)) : String(value);
}

/** The key that the many's side of a ref has; one of two equal sides is the first named. */
function foreignKey({ endpoints, onDelete }: Ref, table: Table): GivenForeignKey | undefined {
  const [left, right] = endpoints;
  if (isMutual({ endpoints })) return undefined;
  const isLeft = left.relation === '*' || (right.relation !== '*' && left.tableName === table.name);
  const [from, to] = isLeft ? [left, right] : [right, left];
  if (from.tableName !== table.name) return undefined;
  return { columns: from.fieldNames, table: to.tableName, referenced: to.fieldNames, onDelete: deleteRule(onDelete) };
}

function isMutual({ endpoints: [left, right] }: Pick<Ref, 'endpoints'>): boolean {
  return left.relation === '*' && right.relation === '*';
}
