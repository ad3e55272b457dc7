import type { DraftTable } from '../draft.ts';
import type { TableNotation } from '../notation.ts';
import { tableName } from '../names.ts';
import { parseColumn, sqlType } from '../notation.ts';
import { fromNotations } from './from-notations.ts';

interface Line {
  readonly indent: number;
  readonly text: string;
}

/**
 * Blocks of a name and, indented below it, its columns: `users:` / `  - email: string` or `  email: string`. Read only
 * when every such block has a column with a type or an arrow: prose likes indented lists too.
 */
export function readBlocks(prompt: string): DraftTable[] {
  const lines = prompt
    .split('\n')
    .map(readLine)
    .filter((line) => line.text !== '');
  const tables = lines
    .map((line, index) => readBlock(line, lines.slice(index + 1)))
    .filter((table) => table !== undefined);
  return fromNotations(tables);
}

function readLine(line: string): Line {
  const text = line.trimEnd();
  return { indent: text.length - text.trimStart().length, text: text.trim() };
}

function readBlock(head: Line, after: readonly Line[]): TableNotation | undefined {
  const name = /^(?:- )?([A-Za-z_]\w*):$/.exec(head.text)?.[1];
  if (name === undefined || /^(tables|models|entities|schema|columns|fields|properties)$/i.test(name)) return undefined;
  const end = after.findIndex((line) => line.indent <= head.indent);
  const body = (end === -1 ? after : after.slice(0, end)).filter((line) => !/^(columns|fields):$/.test(line.text));
  const table = tableName(name);
  if (
    table === undefined ||
    body.length === 0 ||
    !body.every((line) => isColumn(line.text)) ||
    !body.some((line) => isTyped(line.text))
  )
    return undefined;
  const columns = body
    .map((line) => parseColumn(line.text.replace(/^- /, '').replace(/\s*#.*$/, '')))
    .filter((column) => column !== undefined);
  return { name: table, columns, links: [] };
}

function isColumn(text: string): boolean {
  return /^(?:- )?[A-Za-z_]\w*[?!]?(?:\s*:\s*[^:]+|\s*-+>\s*\w+.*)?$/.test(text);
}

function isTyped(text: string): boolean {
  const type = /:\s*([A-Za-z]\w*)/.exec(text)?.[1];
  return text.includes('->') || (type !== undefined && sqlType(type) !== undefined);
}
