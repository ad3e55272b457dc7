import type { Finding } from '../domain/schema-design.ts';
import { constantText } from './bounds/constants.ts';
import { columnOf } from './check-references.ts';
import { formatType } from './format-type.ts';
import type { ColumnDraft, IndexDraft, SchemaDraft, TableDraft } from './schema-draft.ts';
import { columnsIn } from './syntax-nodes.ts';

/** What Postgres would refuse when it creates the tables, though each part by itself is allowed. */
export function checkPostgresRules(draft: SchemaDraft): readonly Finding[] {
  return draft.tables.flatMap((table) => {
    const tell: Tell = (message, fix) => ({
      severity: 'error',
      code: 'contradiction',
      table: table.name,
      message,
      fix,
    });
    return [
      ...table.columns.flatMap((column) => columnProblems(draft, table, column, tell)),
      ...keyProblems(table, tell),
      ...table.indexes.flatMap((index) => indexProblems(table, index, tell)),
    ];
  });
}

type Tell = (message: string, fix: string) => Finding;

function columnProblems(draft: SchemaDraft, table: TableDraft, column: ColumnDraft, tell: Tell): readonly Finding[] {
  const place = `${table.name}.${column.name}`;
  return [
    ...numberingProblems(place, column, tell),
    ...generationProblems(place, table, column, tell),
    ...defaultProblems(place, draft, column, tell),
  ];
}

/** Columns that a sequence fills. */
function numberingProblems(place: string, column: ColumnDraft, tell: Tell): readonly Finding[] {
  const isSerial = column.type.name.endsWith('serial');
  const { identity, type, nullable } = column;
  if (isSerial && (column.default ?? identity ?? column.generated)) {
    return [
      tell(`${place} is ${type.name}, which has a default already`, 'Write integer or bigint with the other one.'),
    ];
  }
  if (isSerial && type.arrayDimensions > 0) return [tell(`${place} is an array of ${type.name}`, 'Write integer[].')];
  const isWhole = /^int[248]$/.test(type.name) && type.arrayDimensions === 0;
  if (identity !== undefined && !isWhole) {
    const fix = 'Make it smallint, integer or bigint, or leave GENERATED … AS IDENTITY out.';
    return [tell(`${place} is an identity column of type ${formatType(type)}`, fix)];
  }
  const isContradiction = nullable && (isSerial || identity !== undefined);
  return isContradiction ? [tell(`${place} is numbered, and declared NULL`, 'Leave NULL out.')] : [];
}

function generationProblems(place: string, table: TableDraft, column: ColumnDraft, tell: Tell): readonly Finding[] {
  if (!column.generated) return [];
  const from = columnsIn(column.generated.expression).find((name) => columnOf(table, name)?.generated);
  const keys = table.foreignKeys.filter(({ columns }) => columns.includes(column.name));
  const changing = keys.some(
    ({ onDelete, onUpdate }) => onDelete.startsWith('set') || !/^(no action|restrict)$/.test(onUpdate),
  );
  return [
    ...(from === undefined
      ? []
      : [tell(`${place} is generated from ${from}, which is generated itself`, `Write out what ${from} is made of.`)]),
    ...(changing
      ? [tell(`${place} is generated, and its key would change it`, 'Use ON DELETE CASCADE or RESTRICT.')]
      : []),
  ];
}

function defaultProblems(place: string, { enums }: SchemaDraft, column: ColumnDraft, tell: Tell): readonly Finding[] {
  const node = column.default && 'TypeCast' in column.default ? column.default.TypeCast.arg : column.default;
  const text = constantText(node);
  if (text === undefined || column.type.arrayDimensions > 0) return [];
  const values = enums.find(({ name }) => name === column.type.name)?.values;
  if (values && !values.includes(text)) {
    return [
      tell(
        `The default of ${place} is '${text.slice(0, 60)}', which is no ${column.type.name}`,
        `Write one of: ${values.join(', ')}.`,
      ),
    ];
  }
  const isNumber = /^(?:int[248]|numeric|float[48])$/.test(column.type.name);
  const isWrong =
    isNumber &&
    !/^\s*[+-]?(?:\d[\d_]*\.?\d*|\.\d+)(?:e[+-]?\d+)?\s*$|^\s*(?:[+-]?inf(?:inity)?|nan|0[xob][\da-f_]+)\s*$/i.test(
      text,
    );
  return isWrong
    ? [tell(`The default of ${place} is '${text.slice(0, 60)}', which is no number`, 'Write a number.')]
    : [];
}

/** Types that have no order, and so no unique key and no plain index. */
const UNORDERED: ReadonlySet<string> = new Set(['json', 'point', 'line', 'lseg', 'box', 'path', 'polygon', 'circle']);

function keyProblems(table: TableDraft, tell: Tell): readonly Finding[] {
  const keys = [table.primaryKey?.columns ?? [], ...table.uniques.map(({ columns }) => columns)];
  const columns = [...new Set(keys.flat())].flatMap((name) => columnOf(table, name) ?? []);
  return columns
    .filter(({ type }) => UNORDERED.has(type.name))
    .map(({ name, type }) =>
      tell(`${table.name}.${name} is ${formatType(type)}, which cannot be a key`, 'Leave it out of the key.'),
    );
}

function indexProblems(table: TableDraft, index: IndexDraft, tell: Tell): readonly Finding[] {
  const place = `An index on ${table.name}`;
  const { method, keys } = index;
  const problems: Finding[] = [];
  if (method !== 'btree' && index.unique) problems.push(tell(`${place} is UNIQUE and uses ${method}`, 'Use btree.'));
  if (method === 'hash' && keys.length > 1) problems.push(tell(`${place} uses hash for several columns`, 'Use btree.'));
  if (method !== 'btree' && keys.some(({ descending, nulls }) => descending || nulls)) {
    problems.push(tell(`${place} uses ${method}, which keeps no order`, 'Leave DESC and NULLS FIRST or LAST out.'));
  }
  if (!['btree', 'gist'].includes(method) && index.include.length > 0) {
    problems.push(tell(`${place} uses ${method}, which cannot INCLUDE columns`, 'Use btree.'));
  }
  return [...problems, ...keys.flatMap((key) => keyTypeProblems(table, method, key, tell))];
}

function keyTypeProblems(
  table: TableDraft,
  method: string,
  key: IndexDraft['keys'][number],
  tell: Tell,
): readonly Finding[] {
  const column = 'column' in key.on ? columnOf(table, key.on.column) : undefined;
  if (
    !column ||
    key.operatorClass !== undefined ||
    !['btree', 'hash'].includes(method) ||
    !UNORDERED.has(column.type.name)
  )
    return [];
  const fix = column.type.name === 'json' ? 'Make it jsonb, and use gin.' : 'Use gist, or leave the index out.';
  return [tell(`${table.name}.${column.name} is ${formatType(column.type)}, which ${method} cannot index`, fix)];
}
