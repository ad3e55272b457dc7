import { formatType } from '../format-type.ts';
import type { ColumnDraft, SchemaDraft, TableDraft } from '../schema-draft.ts';
import { expressionUses } from './expression-uses.ts';
import { changeColumns, type Departure, type RuleOutcome } from './house-rule.ts';
import { withoutOperatorClasses } from './unix-times.ts';

const VARCHAR = { name: 'varchar', modifiers: [], arrayDimensions: 0 };
const NUMBERS: ReadonlySet<string> = new Set(['int2', 'int4', 'int8', 'smallserial', 'serial', 'bigserial']);

/** A nano id, as backends make them, takes this many characters. */
const ID_LENGTH = 21;

/** A column as `table.column`. */
type Place = string;

/**
 * Ids are varchar, for random ones that the backend makes: they can be made anywhere and give nothing away by counting.
 * A key and all foreign keys that lead to it change together.
 */
export function varcharIds(draft: SchemaDraft): RuleOutcome {
  const family = familiesOf(draft);
  const blocked = new Set(draft.tables.flatMap((table) => blockedIn(table, family)));
  const wanted = draft.tables.flatMap((table) => idToChange(table) ?? []).map((place) => family(place));
  const changing = new Set(wanted.filter((place) => !blocked.has(place)));
  const outcomes = draft.tables.map((table) =>
    withVarcharIds(table, (column) => changing.has(family(placeOf(table, column)))),
  );
  return {
    draft: { ...draft, tables: outcomes.map(({ table }) => table) },
    departures: outcomes.flatMap(({ departures }) => departures),
  };
}

function placeOf(table: TableDraft, column: string): Place {
  return `${table.name}.${column}`;
}

/** Which family a column belongs to: those that foreign keys tie together share one name. */
function familiesOf(draft: SchemaDraft): (place: Place) => Place {
  const parents = new Map<Place, Place>();
  const root = (place: Place): Place => {
    const parent = parents.get(place);
    return parent === undefined ? place : root(parent);
  };
  for (const table of draft.tables) {
    for (const { columns, referencedTable, referencedColumns } of table.foreignKeys) {
      for (const [index, column] of columns.entries()) {
        const [from, to] = [root(placeOf(table, column)), root(`${referencedTable}.${referencedColumns[index] ?? ''}`)];
        if (from !== to) parents.set(from, to);
      }
    }
  }
  return root;
}

/** Families with a column whose value matters to an expression, or that is compared with one outside of the family. */
function blockedIn(table: TableDraft, family: (place: Place) => Place): readonly Place[] {
  const { asValues, compared } = expressionUses(table);
  const odd = compared.filter(([one, other]) => family(placeOf(table, one)) !== family(placeOf(table, other))).flat();
  return [...asValues, ...odd].map((column) => family(placeOf(table, column)));
}

/** The table's own id, when it is not the varchar it should be. */
function idToChange(table: TableDraft): Place | undefined {
  const column = soleKey(table);
  return column && isForeignId(column) ? placeOf(table, column.name) : undefined;
}

function soleKey(table: TableDraft): ColumnDraft | undefined {
  const key = table.primaryKey?.columns ?? [];
  return key.length === 1 ? table.columns.find(({ name }) => name === key[0]) : undefined;
}

function isForeignId({ name, type, identity, default: filled }: ColumnDraft): boolean {
  if (type.arrayDimensions > 0) return false;
  if (type.name === 'uuid' || type.name.endsWith('serial') || identity) return true;
  if (!isIdName(name)) return false;
  const isShort = (type.modifiers[0] ?? ID_LENGTH) < ID_LENGTH && filled === undefined;
  return NUMBERS.has(type.name) || (['varchar', 'bpchar'].includes(type.name) && isShort);
}

function isIdName(name: string): boolean {
  return /^(?:id|uuid|guid)$|_(?:id|uuid)$/.test(name);
}

function withVarcharIds(
  table: TableDraft,
  changes: (column: string) => boolean,
): { table: TableDraft; departures: readonly Departure[] } {
  const odd = table.columns.filter((column) => changes(column.name) && formatType(column.type) !== 'character varying');
  const names = new Set(odd.map(({ name }) => name));
  const changed = changeColumns(table, (column) =>
    names.has(column.name)
      ? { ...column, type: VARCHAR, nullable: isNullable(table, column), default: undefined, identity: undefined }
      : column,
  );
  const departures = odd.map((column) => ({
    code: 'varchar-id',
    table: table.name,
    message: `${table.name}.${column.name} is ${formatType(column.type)}; ids are varchar`,
    instead: `${column.name} varchar`,
  }));
  return { table: { ...changed, indexes: withoutOperatorClasses(changed, names) }, departures };
}

function isNullable(table: TableDraft, column: ColumnDraft): boolean {
  return column.nullable && !table.primaryKey?.columns.includes(column.name);
}
