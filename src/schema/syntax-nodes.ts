import type { Node } from 'libpg-query';

/** The text of a `String` node; undefined for any other. */
function textOf(node: Node | undefined): string | undefined {
  return node && 'String' in node ? (node.String.sval ?? '') : undefined;
}

/** The texts of a list of `String` nodes. */
export function textsOf(nodes: readonly Node[] | undefined): readonly string[] {
  return (nodes ?? []).map((node) => textOf(node) ?? '');
}

export function stringNode(text: string): Node {
  return { String: { sval: text } };
}

/** The nodes directly below a node, whatever its kind. */
export function childrenOf(node: Node): readonly Node[] {
  return Object.values(node as Record<string, object>).flatMap((fields) => Object.values(fields).flatMap(nodesIn));
}

function nodesIn(value: unknown): readonly Node[] {
  if (Array.isArray(value)) return value.flatMap(nodesIn);
  return isNode(value) ? [value] : [];
}

/** A node is an object whose one key is its kind, which the parser writes with a capital; fields are lower case. */
function isNode(value: unknown): value is Node {
  if (typeof value !== 'object' || value === null) return false;
  const keys = Object.keys(value);
  return keys.length === 1 && /^[A-Z]/.test(keys[0] ?? '');
}

/** The columns that an expression refers to, each once. */
export function columnsIn(expression: Node): readonly string[] {
  return [...new Set(columnReferences(expression))];
}

function columnReferences(expression: Node): readonly string[] {
  if ('ColumnRef' in expression) return textsOf(expression.ColumnRef.fields);
  return childrenOf(expression).flatMap(columnReferences);
}

/** The expression with other names for columns and for the types of casts. */
export function renameInExpression(
  expression: Node,
  column: (name: string) => string,
  type: (name: string) => string,
): Node {
  return mapObjects(expression, (object) => {
    if ('ColumnRef' in object)
      return { ColumnRef: { fields: renamedLast(fieldsOf(object, 'ColumnRef', 'fields'), column) } };
    if ('names' in object) return { ...object, names: renamedLast(object['names'] as Node[], type) };
    return undefined;
  }) as Node;
}

function fieldsOf(object: object, kind: string, field: string): readonly Node[] {
  return (object as Record<string, Record<string, Node[]>>)[kind]?.[field] ?? [];
}

function renamedLast(names: readonly Node[], rename: (name: string) => string): readonly Node[] {
  const texts = textsOf(names);
  return texts.map((text, index) => stringNode(index === texts.length - 1 ? rename(text) : text));
}

/** The tree with each object replaced by what `change` makes of it, from the top; what it replaces is not looked into. */
function mapObjects(value: unknown, change: (object: Record<string, unknown>) => object | undefined): unknown {
  if (Array.isArray(value)) return value.map((part) => mapObjects(part, change));
  if (typeof value !== 'object' || value === null) return value;
  const changed = change(value as Record<string, unknown>);
  return changed ?? Object.fromEntries(Object.entries(value).map(([key, part]) => [key, mapObjects(part, change)]));
}
