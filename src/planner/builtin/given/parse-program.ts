import type { ParserOptions } from '@babel/parser';
import { parse } from '@babel/parser';
import type * as Syntax from '@babel/types';

const OPTIONS: ParserOptions = {
  sourceType: 'unambiguous',
  errorRecovery: true,
  plugins: ['typescript', 'decorators'],
};

/**
 * The statements of a TypeScript or JavaScript text, exports opened. What stands around them as prose is left out: from the
 * first line that `opens` on, statement by statement.
 */
export function parseProgram(text: string, opens: RegExp): Syntax.Statement[] {
  const lines = text.split('\n');
  const start = lines.findIndex((line) => opens.test(line));
  if (start === -1) return [];
  for (let end = lines.length; end > start; end--) {
    const parsed = tryParse(lines.slice(start, end).join('\n'));
    if (parsed) return parsed.flatMap(declared);
  }
  return [];
}

function tryParse(code: string): Syntax.Statement[] | undefined {
  try {
    const file = parse(code, OPTIONS);
    return (file.errors?.length ?? 0) > 0 ? undefined : file.program.body;
  } catch {
    // The rest may be prose: one line less is tried.
    return undefined;
  }
}

function declared(statement: Syntax.Statement): Syntax.Statement[] {
  if (statement.type === 'ExportNamedDeclaration') return statement.declaration ? [statement.declaration] : [];
  return [statement];
}

/** `const users = …` of the statements: each name with what it is. */
export function declarations(statements: readonly Syntax.Statement[]): (readonly [string, Syntax.Expression])[] {
  return statements.flatMap((statement) =>
    statement.type === 'VariableDeclaration'
      ? statement.declarations.flatMap(({ id, init }) =>
          id.type === 'Identifier' && init ? [[id.name, init] as const] : [],
        )
      : [],
  );
}

/** One call of a chain: `.references(() => users.id)`. */
export interface Call {
  readonly name: string;
  readonly args: readonly Syntax.Node[];
}

/** `text('name').notNull()` as its calls, the first one first; empty for what is no call. */
export function callsOf(node: Syntax.Node): Call[] {
  if (node.type !== 'CallExpression' && node.type !== 'NewExpression') return [];
  const { callee } = node;
  const args = node.arguments;
  if (callee.type === 'Identifier') return [{ name: callee.name, args }];
  if (callee.type !== 'MemberExpression' || callee.property.type !== 'Identifier') return [];
  return [...callsOf(callee.object), { name: callee.property.name, args }];
}

/** The properties of an object: each name with what it is. */
export function propertiesOf(node: Syntax.Node | undefined): (readonly [string, Syntax.Node])[] {
  if (node?.type !== 'ObjectExpression') return [];
  return node.properties.flatMap((property) => {
    if (property.type !== 'ObjectProperty') return [];
    const name = property.key.type === 'Identifier' ? property.key.name : textOf(property.key);
    return name === undefined ? [] : [[name, property.value] as const];
  });
}

export function textOf(node: Syntax.Node | undefined): string | undefined {
  if (node?.type === 'StringLiteral') return node.value;
  if (node?.type === 'TemplateLiteral' && node.expressions.length === 0)
    return node.quasis[0]?.value.cooked ?? undefined;
  return undefined;
}

/** A text, a number, yes or no; undefined for what is none. */
export function constantOf(node: Syntax.Node | undefined): string | number | boolean | undefined {
  if (node?.type === 'NumericLiteral' || node?.type === 'BooleanLiteral') return node.value;
  if (node?.type === 'UnaryExpression' && node.operator === '-' && node.argument.type === 'NumericLiteral')
    return -node.argument.value;
  return textOf(node);
}

/** The texts of a list. */
export function textsOf(node: Syntax.Node | undefined): string[] {
  if (node?.type === 'TSAsExpression') return textsOf(node.expression);
  return node?.type === 'ArrayExpression' ? node.elements.flatMap((one) => textOf(one ?? undefined) ?? []) : [];
}

/** `users.id` of `() => users.id` and of `users.id`: the names along the way. */
export function pathOf(node: Syntax.Node | undefined): string[] {
  if (node?.type === 'ArrowFunctionExpression') return pathOf(node.body);
  if (node?.type === 'TSAsExpression') return pathOf(node.expression);
  if (node?.type === 'Identifier') return [node.name];
  if (node?.type === 'MemberExpression' && node.property.type === 'Identifier')
    return [...pathOf(node.object), node.property.name];
  return [];
}
