import { textWidth } from '../../src/cli/render/text.ts';

/**
 * What stands on a terminal of this width after the text was written to it: line feeds, carriage returns, cursor up and
 * the two clearing sequences are followed, lines that are too long wrap, everything else that is no text is passed over.
 */
export function screenOf(text: string, columns: number): readonly string[] {
  const rows: string[][] = [[]];
  let row = 0;
  let column = 0;
  for (const token of text.match(TOKENS) ?? []) {
    if (token === '\n') {
      row += 1;
      column = 0;
    } else if (token === '\r') column = 0;
    else if (token === '\u001b[K') rows[row]?.splice(column);
    else if (token === '\u001b[J') {
      rows[row]?.splice(column);
      rows.splice(row + 1);
    } else if (CURSOR_UP.test(token)) row -= Number(CURSOR_UP.exec(token)?.[1]);
    else if (!token.startsWith('\u001b')) {
      if (column >= columns) {
        row += 1;
        column = 0;
      }
      (rows[row] ??= [])[column] = token;
      column += Math.max(1, textWidth(token));
    }
    if (row < 0) throw new Error('The cursor was moved above the first line');
    rows[row] ??= [];
  }
  return rows.map((cells) =>
    Array.from(cells, (cell) => cell ?? '')
      .join('')
      .trimEnd(),
  );
}

const TOKENS = /\p{Cc}\[\??[\d;]*[A-Za-z]|[^]/gu;
const CURSOR_UP = /^\p{Cc}\[(\d+)A$/u;
