import type { Style } from './style.ts';
import { oneLine, padEnd, padStart, textWidth, truncate } from './text.ts';

const GAP = '  ';
/** No column gets narrower than this to make room for others. */
const LEAST_WIDTH = 8;

/**
 * Rows under their column names, numbers to the right. `width` is how many columns there are to fill: the widest give way
 * until the table fits or cannot get narrower; undefined cuts nothing, which is what a program that reads along wants.
 */
export function renderTable(
  columns: readonly string[],
  rows: readonly (readonly unknown[])[],
  style: Style,
  width?: number,
): string {
  const cells = rows.map((row) => columns.map((_, index) => cellText(row[index])));
  const headings = columns.map(oneLine);
  const natural = headings.map((heading, index) =>
    Math.max(textWidth(heading), ...cells.map((row) => textWidth(row[index] ?? ''))),
  );
  const widths = width === undefined ? natural : squeeze(natural, width - GAP.length * (columns.length - 1));
  const numeric = columns.map((_, index) => rows.length > 0 && rows.every((row) => isNumeric(row[index])));

  const line = (texts: readonly string[]): string =>
    texts
      .map((text, index) => {
        const columnWidth = widths[index] ?? 0;
        const cut = truncate(text, columnWidth, style.marks.ellipsis);
        return numeric[index] ? padStart(cut, columnWidth) : padEnd(cut, columnWidth);
      })
      .join(GAP)
      .trimEnd();

  const rule = widths.map((columnWidth) => style.marks.rule.repeat(columnWidth)).join(GAP);
  return [style.paint('bold', line(headings)), style.paint('dim', rule), ...cells.map(line)].join('\n');
}

/** What a cell shows; line breaks and control characters are written out, so that a row stays a row. */
function cellText(value: unknown): string {
  if (value === null || value === undefined) return 'NULL';
  if (typeof value === 'string') return escapeControls(value);
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Uint8Array) return `\\x${Buffer.from(value).toString('hex')}`;
  if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean') return value.toString();
  return escapeControls(JSON.stringify(value) ?? '');
}

const SHORT_ESCAPES: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

function escapeControls(text: string): string {
  return text.replaceAll(
    /[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu,
    (sign) => SHORT_ESCAPES[sign] ?? `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

function isNumeric(value: unknown): boolean {
  return (
    value === null ||
    value === undefined ||
    typeof value === 'number' ||
    typeof value === 'bigint' ||
    // 64-bit and numeric values come as text, since a double would lose digits.
    (typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value))
  );
}

function squeeze(natural: readonly number[], room: number): readonly number[] {
  const widths = [...natural];
  for (let excess = widths.reduce((sum, width) => sum + width, 0) - room; excess > 0; excess -= 1) {
    const widest = widths.indexOf(Math.max(...widths));
    const width = widths[widest] ?? 0;
    if (width <= LEAST_WIDTH) break;
    widths[widest] = width - 1;
  }
  return widths;
}
