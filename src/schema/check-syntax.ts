import type { Node } from 'libpg-query';
import { ALLOWED_SYNTAX, POSITION_FIELDS, type FieldRule } from './allowed-syntax.ts';
import { LIMITS } from './limits.ts';
import { refuse, type Reading } from './reading.ts';
import { REFUSED_STATEMENTS, REFUSED_SYNTAX } from './refused-syntax.ts';

/** The kinds of statement that may be written, and what each node may hold. */
interface Grammar {
  readonly statements: ReadonlySet<string>;
  readonly syntax: typeof ALLOWED_SYNTAX;
}

const PROPOSALS: Grammar = {
  statements: new Set([
    'CreateStmt',
    'IndexStmt',
    'CreateEnumStmt',
    'CreateExtensionStmt',
    'AlterTableStmt',
    'CommentStmt',
  ]),
  syntax: ALLOWED_SYNTAX,
};

/**
 * Whether a statement is of an allowed kind and made of allowed nodes and fields alone. What it says (names, types,
 * functions) is for its reader to judge.
 */
export function checkSyntax(reading: Reading, statement: Node, grammar = PROPOSALS): boolean {
  const [kind, fields] = unwrap(statement);
  if (!grammar.statements.has(kind)) {
    refuseStatement(reading, kind);
    return false;
  }
  if (isTooLarge(fields)) {
    refuse(
      reading,
      'too-large',
      'The statement has too many parts, or is nested too deeply',
      'Take it apart or make it simpler.',
    );
    return false;
  }
  const before = reading.findings.length;
  checkFields(reading, grammar, kind, fields);
  return reading.findings.length === before;
}

function refuseStatement(reading: Reading, kind: string): void {
  const refusal = REFUSED_STATEMENTS[kind];
  const reason = refusal?.what ?? 'only tables, indexes, enums, comments and constraints can be declared';
  refuse(
    reading,
    'statement-refused',
    `${firstWords(reading.statement)} is refused: ${reason}`,
    refusal?.fix ?? 'Use CREATE TABLE, CREATE INDEX, CREATE TYPE … AS ENUM, COMMENT or ALTER TABLE … ADD CONSTRAINT.',
  );
}

/** `drop table users` → `DROP TABLE`. */
function firstWords(statement: string): string {
  return (/^[a-z]+(\s+[a-z]+)?/i.exec(statement)?.[0] ?? 'This statement').replaceAll(/\s+/g, ' ').toUpperCase();
}

/** Whether the tree has too many parts or lies too deep for the checks to walk it; walks without recursion itself. */
function isTooLarge(tree: object): boolean {
  const waiting: { readonly value: unknown; readonly depth: number }[] = [{ value: tree, depth: 0 }];
  for (let count = 0; waiting.length > 0; count += 1) {
    const { value, depth } = waiting.pop()!;
    if (count > LIMITS.nodes || depth > LIMITS.treeDepth) return true;
    for (const part of Object.values(value as object)) {
      if (typeof part === 'object' && part !== null) waiting.push({ value: part, depth: depth + 1 });
    }
  }
  return false;
}

function checkFields(reading: Reading, grammar: Grammar, kind: string, fields: Record<string, unknown>): void {
  const rules = Object.hasOwn(grammar.syntax, kind) ? grammar.syntax[kind] : undefined;
  if (!rules) return refuseSyntax(reading, [kind]);
  const told = Object.entries(fields).filter(([field]) => !POSITION_FIELDS.has(field));
  const wrong = told.find(([field, value]) => isOtherValue(rules[field], value));
  // What else a node of another sort holds would only repeat the complaint.
  if (wrong) return refuseSyntax(reading, [`${kind}.${wrong[0]}=${String(wrong[1])}`, `${kind}.${wrong[0]}`]);
  for (const [field, value] of told) {
    const rule = Object.hasOwn(rules, field) ? rules[field] : undefined;
    if (rule) checkField(reading, grammar, `${kind}.${field}`, rule, value);
    else refuseSyntax(reading, [`${kind}.${field}`]);
  }
}

/** Whether a field that may only hold certain values holds another. */
function isOtherValue(rule: FieldRule | undefined, value: unknown): boolean {
  return Array.isArray(rule) && !rule.includes(value);
}

function checkField(reading: Reading, grammar: Grammar, place: string, rule: FieldRule, value: unknown): void {
  if (rule === 'nodes') {
    for (const node of [value].flat()) checkNode(reading, grammar, node);
  } else if (typeof rule === 'object' && 'inline' in rule) {
    checkFields(reading, grammar, rule.inline, value as Record<string, unknown>);
  } else if (typeof value === 'object') refuseSyntax(reading, [place]);
}

function checkNode(reading: Reading, grammar: Grammar, node: unknown): void {
  const [kind, fields] = unwrap(node as Node);
  checkFields(reading, grammar, kind, fields);
}

function refuseSyntax(reading: Reading, places: readonly string[]): void {
  const refusal = places.map((place) => REFUSED_SYNTAX[place]).find((known) => known !== undefined);
  const what = refusal?.what ?? `this syntax (${places.join(', ')})`;
  refuse(reading, 'syntax-refused', `Not allowed here: ${what}`, refusal?.fix ?? 'Leave it out.');
}

/** The one key of a node, which names its kind, and its fields. */
export function unwrap(node: Node): [kind: string, fields: Record<string, unknown>] {
  const entries = Object.entries(node as Record<string, unknown>);
  const [kind, fields] = entries.length === 1 ? entries[0]! : ['nothing', {}];
  return [kind, (fields ?? {}) as Record<string, unknown>];
}
