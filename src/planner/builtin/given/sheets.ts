import { snakeCase, tableName } from '../names.ts';
import { sqlType } from './sql-type.ts';
import type { GivenSchema } from './given-schema.ts';
import { fromObjectTypes, type ObjectField, type ObjectType } from './object-types.ts';
import { typeOfValues } from './value-types.ts';

/** A sheet of rows under a header, as CSV or as a Markdown table. */
interface Sheet {
  readonly title: string | undefined;
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** The tables that a text holds as Markdown tables or as CSV with a header; none when there are none. */
export function readSheets(text: string, name: string): GivenSchema | undefined {
  const sheets = [...markdownSheets(text), ...csvSheets(text)];
  const types = sheets.map((sheet) => readSheet(sheet, sheet.title ?? name));
  return types.length > 0 ? fromObjectTypes(types) : undefined;
}

function readSheet(sheet: Sheet, title: string): ObjectType {
  const fields = isDescription(sheet) ? describedFields(sheet) : columnFields(sheet);
  return { name: tableName(title) ?? title, table: tableName(title), fields };
}

const DESCRIBES = /^(?:type|data ?type|nullable|null|required|constraints?|key|description|notes?|default)$/i;

/** «| column | type | nullable |»: each row tells of a column. */
function isDescription({ header }: Sheet): boolean {
  return (
    /^(?:column|field|name|attribute|property)s?$/i.test(header[0] ?? '') &&
    header.slice(1).some((cell) => DESCRIBES.test(cell))
  );
}

function describedFields({ header, rows }: Sheet): ObjectField[] {
  const at = (names: RegExp) => header.findIndex((cell) => names.test(cell));
  const [type, nullable, required, rest] = [
    at(/type/i),
    at(/^null/i),
    at(/required/i),
    at(/constraint|key|note|desc/i),
  ];
  return rows.map((row) => {
    const told = row.join(' ');
    const isKey = /\b(?:pk|primary key)\b/i.test(told) || undefined;
    const written = row[type] ?? 'text';
    const target = /(?:fk|foreign key|references?|→|->)[^a-z]*(?:to\s+)?(\w+)/i.exec(told)?.[1];
    const isEmptyAllowed =
      nullable === -1 ? !isSaid(row[required]) && !/not null/i.test(row[rest] ?? '') : isSaid(row[nullable]);
    const values = /\benum\s*\(([^)]+)\)/i
      .exec(told)?.[1]
      ?.split(/[,|/]/)
      .map((value) => value.replaceAll(/['"`\s]/g, ''));
    return {
      name: bare(row[0] ?? ''),
      type: values ? 'text' : sqlType(bare(written)),
      target: target === undefined ? undefined : tableName(target),
      values,
      nullable: isEmptyAllowed && !isKey,
      unique: (/\bunique\b/i.test(told) && !isKey) || undefined,
      isKey,
      isCounted: (isKey && /^(?:int|integer|bigint)$/i.test(bare(written))) || undefined,
    };
  });
}

function isSaid(cell: string | undefined): boolean {
  return /^(?:y|yes|true|x|✓|✔|null)$/i.test(cell?.trim() ?? '');
}

function bare(cell: string): string {
  return cell.replaceAll(/[`*]/g, '').trim();
}

function columnFields({ header, rows }: Sheet): ObjectField[] {
  return header.map((cell, at) => {
    const values = rows.map((row) => row[at] ?? '');
    const name = snakeCase(cell);
    const isKey = name === 'id' || undefined;
    const type = typeOfValues(name, values);
    const isCounted = isKey && type === 'integer' ? true : undefined;
    const nullable = !isKey && rows.length > 0 && values.some((value) => value === '');
    return { name, type: isKey && !isCounted ? 'varchar' : type, isKey, isCounted, nullable };
  });
}

/** Markdown tables, each with the heading or the line above it. */
function markdownSheets(text: string): Sheet[] {
  const lines = text.split(/\r?\n/);
  return lines.flatMap((line, at) => {
    const isHeader = line.includes('|') && /^\s*\|?\s*:?-{2,}[-:|\s]*$/.test(lines[at + 1] ?? '');
    if (!isHeader) return [];
    const end = lines.findIndex((other, index) => index > at + 1 && !other.includes('|'));
    const rows = lines.slice(at + 2, end === -1 ? lines.length : end).map(cellsOf);
    return [{ title: titleBefore(lines, at), header: cellsOf(line), rows }];
  });
}

function cellsOf(line: string): string[] {
  return line
    .trim()
    .replace(/^\|/, '')
    .replace(/\|$/, '')
    .split('|')
    .map((cell) => cell.trim());
}

/** «users.csv:», «## Users» or «customers» right above. */
function titleBefore(lines: readonly string[], at: number): string | undefined {
  const above = lines.slice(Math.max(0, at - 2), at).findLast((line) => line.trim() && !/^\s*```/.test(line));
  const title =
    above
      ?.replaceAll(/[#*`:]/g, '')
      .replace(/\.csv\b/i, '')
      .replace(/\b(?:table|columns|headers?)\b/gi, '')
      .trim() ?? '';
  return /^[\p{L}][\p{L}\d_ -]{0,40}$/u.test(title) && title.split(/\s+/).length <= 3 ? title : undefined;
}

/** Headers of names between commas, semicolons or tabs, on a line of their own or behind «users.csv:». */
function csvSheets(text: string): Sheet[] {
  const lines = text.split(/\r?\n/);
  return lines.flatMap((line, at) => {
    const labelled = /^\s*[-*]?\s*`?([\w-]+)\.csv`?\s*(?::|\(|has|with)?\s*(?:columns|headers?)?\s*:?\s*(\S.*)$/i.exec(
      line,
    );
    const written = labelled?.[2]?.replace(/\)$/, '') ?? line;
    const header = headerOf(written);
    if (header === undefined || (!labelled && isRowOf(lines, at))) return [];
    const rows = labelled ? [] : rowsBelow(lines, at, header.length, separatorOf(written));
    const isSheet = labelled !== null || rows.length > 0 || /_/.test(written);
    return isSheet ? [{ title: labelled?.[1] ?? titleBefore(lines, at), header, rows }] : [];
  });
}

function headerOf(line: string): string[] | undefined {
  const cells = line.split(separatorOf(line)).map((cell) => cell.trim().replaceAll(/^["'`]|["'`]$/g, ''));
  const isHeader =
    cells.length > 2 && cells.every((cell) => /^[A-Za-z_][\w ]{0,40}$/.test(cell) && cell.split(' ').length <= 3);
  return isHeader && !/\s(?:and|or)\s/i.test(line) ? cells : undefined;
}

function separatorOf(line: string): string {
  return line.includes('\t') ? '\t' : line.includes(';') && !line.includes(',') ? ';' : ',';
}

/** The line above has as many cells: this one is a row of that sheet. */
function isRowOf(lines: readonly string[], at: number): boolean {
  const above = lines[at - 1] ?? '';
  const header = headerOf(above);
  return header !== undefined && header.length === (lines[at] ?? '').split(separatorOf(above)).length;
}

function rowsBelow(lines: readonly string[], at: number, width: number, separator: string): string[][] {
  const rows: string[][] = [];
  for (const line of lines.slice(at + 1)) {
    const cells = splitRow(line, separator);
    if (cells.length !== width) break;
    rows.push(cells);
  }
  return rows;
}

/** Between separators, those inside of quotes left alone. */
function splitRow(line: string, separator: string): string[] {
  const outside = new RegExp(`${separator}(?=(?:[^"]*"[^"]*")*[^"]*$)`);
  return line.split(outside).map((cell) => cell.trim().replaceAll(/^"|"$/g, ''));
}
