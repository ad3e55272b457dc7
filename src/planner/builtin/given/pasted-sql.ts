import type { ProposedTable } from '../../../domain/schema-design.ts';
import { snakeCase } from '../names.ts';

const STATEMENT = /\b(create\s+(?:unique\s+)?(?:table|index|type)|alter\s+table|comment\s+on)\b/i;
const MAX_STATEMENTS = 500;
const TABLE = /^create\s+table\s+(?:if\s+not\s+exists\s+)?((?:"[^"]+"|[\w.])+)/i;

/**
 * The CREATE TABLE statements of a prompt, as they stand. What else was pasted with them (indexes, types, constraints)
 * goes with the first table or the one it names. Nothing is judged here: the schema room does that.
 */
export function readPastedSql(prompt: string): ProposedTable[] {
  if (!/\bcreate\s+table\b[^(]{1,200}\(/i.test(prompt)) return [];
  const statements = cutStatements(prompt);
  const tables = statements.filter((statement) => TABLE.test(statement));
  const others = statements.filter((statement) => !TABLE.test(statement));
  return tables.map((statement, index) => {
    const name = bareName(TABLE.exec(statement)?.[1] ?? '');
    const own = others.filter((other) => (tableOf(other, tables) ?? 0) === index);
    const types = own.filter((other) => /^create\s+type/i.test(other));
    return {
      tableName: name,
      createQuery: [...types, statement, ...own.filter((other) => !types.includes(other))].join(';\n'),
    };
  });
}

/** What a prompt says beside the SQL that was pasted into it. */
export function withoutPastedSql(prompt: string): string {
  return cutStatements(prompt)
    .reduce((rest, statement) => rest.replace(statement, ''), prompt)
    .replaceAll(/^\s*(?:[;`]+\w*|--.*)\s*$/gm, '')
    .trim();
}

function tableOf(statement: string, tables: readonly string[]): number | undefined {
  const found = tables.findIndex((table) => {
    const name = bareName(TABLE.exec(table)?.[1] ?? '');
    return new RegExp(
      `\\b(?:on|table)\\s+(?:only\\s+)?(?:if\\s+exists\\s+)?(?:public\\.)?"?${snakeCase(name)}"?\\b`,
      'i',
    ).test(statement);
  });
  return found === -1 ? undefined : found;
}

function bareName(name: string): string {
  const last = name.split('.').at(-1) ?? name;
  return last.startsWith('"') ? last.replaceAll('"', '') : last.toLowerCase();
}

/** Each statement from its first word to its semicolon, or to the bracket that closes it. */
function cutStatements(prompt: string): string[] {
  const found: string[] = [];
  let rest = prompt;
  for (let match = STATEMENT.exec(rest); match && found.length < MAX_STATEMENTS; match = STATEMENT.exec(rest)) {
    const start = rest.slice(match.index);
    const end = statementEnd(start);
    found.push(start.slice(0, end).replace(/;\s*$/, '').trim());
    rest = start.slice(Math.max(end, 1));
  }
  return found;
}

/** What a comment says opens and closes nothing. */
const COMMENT = /^(?:--[^\n]*|\/\*[\s\S]*?\*\/)/;
const MAX_COMMENT = 2000;

function statementEnd(text: string): number {
  let depth = 0;
  let quote = '';
  let closed = 0;
  for (let at = 0; at < text.length; at++) {
    const char = text[at] ?? '';
    if (quote) {
      if (char === quote) quote = '';
      continue;
    }
    const comment = COMMENT.exec(text.slice(at, at + MAX_COMMENT))?.[0];
    if (comment !== undefined) at += comment.length - 1;
    else if (char === "'" || char === '"') quote = char;
    else if (char === '(') depth++;
    else if (char === ')' && --depth === 0) closed = at + 1;
    else if (char === ';' && depth <= 0) return at;
    else if (depth === 0 && closed > 0 && /\S/.test(char)) return closed;
  }
  return closed > 0 ? closed : text.length;
}
