import type { Column, DatabaseSchema, EnumType, Table } from '../domain/database-schema.ts';

/** One box of an ER diagram, measured. Positions inside of it are from its upper left corner, in pixels. */
export interface ErCard {
  readonly id: string;
  readonly kind: 'table' | 'junction' | 'enum';
  readonly title: string;
  readonly comment: string | undefined;
  readonly rows: readonly ErRow[];
  readonly width: number;
  readonly height: number;
}

export interface ErRow {
  readonly text: string;
  readonly badges: readonly string[];
  /** Right-aligned and short: `varchar(255)?`; empty for an enum's value. */
  readonly type: string;
  readonly optional: boolean;
  readonly comment: string | undefined;
}

export const CARD = { headerHeight: 36, rowHeight: 24, padding: 14, bottom: 8, badgeWidth: 26, badgeGap: 4 } as const;

/** Text is set in a monospaced face, of which every installed one is about this wide. */
const CHARACTER_WIDTH = 7.4;
const TITLE_CHARACTER_WIDTH = 8.4;
const MAX_ENUM_ROWS = 12;

/** The boxes for a schema's tables, then its enums. */
export function erCards(schema: DatabaseSchema): readonly ErCard[] {
  return [...schema.tables.map(tableCard), ...schema.enums.map(enumCard)];
}

/** The id of a table's box. */
export function cardId(table: string): string {
  return `table ${table}`;
}

/** Where the row of a column lies: the distance of its middle from the card's upper edge. */
export function rowMiddle(index: number): number {
  return CARD.headerHeight + CARD.rowHeight * index + CARD.rowHeight / 2 + 4;
}

function tableCard(table: Table): ErCard {
  const foreign = new Set(table.foreignKeys.flatMap(({ columns }) => columns));
  const isJunction = table.primaryKey.length > 1 && table.primaryKey.every((column) => foreign.has(column));
  const rows = table.columns.map((column) => columnRow(table, column, foreign));
  return {
    id: cardId(table.name),
    kind: isJunction ? 'junction' : 'table',
    title: table.name,
    comment: table.comment,
    rows,
    ...sizeOf(table.name, rows),
  };
}

function columnRow(table: Table, column: Column, foreign: ReadonlySet<string>): ErRow {
  const isUnique = table.uniques.some(({ columns }) => columns.length === 1 && columns[0] === column.name);
  const badges = [
    ...(table.primaryKey.includes(column.name) ? ['PK'] : []),
    ...(foreign.has(column.name) ? ['FK'] : []),
    ...(isUnique ? ['UQ'] : []),
  ];
  return {
    text: column.name,
    badges,
    type: shortType(column.type),
    optional: column.nullable,
    comment: column.comment,
  };
}

/** Types in the words that people write. */
function shortType(type: string): string {
  return type
    .replace('character varying', 'varchar')
    .replace('double precision', 'double')
    .replace(/^timestamp(\(\d\))? with time zone/, 'timestamptz$1')
    .replace(/ without time zone/, '')
    .replace(/^"(.*)"/, '$1');
}

function enumCard({ name, values }: EnumType): ErCard {
  const rest = values.length - MAX_ENUM_ROWS;
  const shown = rest > 1 ? [...values.slice(0, MAX_ENUM_ROWS), `and ${rest} more`] : values;
  const rows = shown.map((text) => ({ text, badges: [], type: '', optional: false, comment: undefined }));
  return { id: `enum ${name}`, kind: 'enum', title: name, comment: undefined, rows, ...sizeOf(`${name} enum`, rows) };
}

function sizeOf(title: string, rows: readonly ErRow[]): { readonly width: number; readonly height: number } {
  const widths = rows.map(
    ({ text, badges, type, optional }) =>
      badges.length * (CARD.badgeWidth + CARD.badgeGap) +
      textWidth(text) +
      (type ? textWidth(type) + 28 : 0) +
      (optional ? 9 : 0),
  );
  const inner = Math.max(textWidth(title) * (TITLE_CHARACTER_WIDTH / CHARACTER_WIDTH), ...widths, 120);
  return {
    width: Math.ceil(inner + 2 * CARD.padding),
    height: CARD.headerHeight + rows.length * CARD.rowHeight + CARD.bottom,
  };
}

function textWidth(text: string): number {
  // Chinese, Japanese and Korean characters take two places.
  const places = Array.from(text).reduce(
    (sum, character) => sum + ((character.codePointAt(0) ?? 0) >= 0x11_00 ? 2 : 1),
    0,
  );
  return places * CHARACTER_WIDTH;
}
