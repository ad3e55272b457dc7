import { literal, propertyName } from './code-text.ts';

const LINE_WIDTH = 110;

/** A value as TypeScript source, on as many lines as it takes to keep them short. */
export function prettyLiteral(value: unknown, indent = ''): string {
  const line = literal(value);
  if (line.length + indent.length <= LINE_WIDTH || typeof value !== 'object' || value === null) return line;
  const inner = `${indent}  `;
  if (Array.isArray(value)) {
    const items = value.map((item) => `${inner}${prettyLiteral(item, inner)},`);
    return `[\n${items.join('\n')}\n${indent}]`;
  }
  const properties = Object.entries(value)
    .filter(([, property]) => property !== undefined)
    .map(([key, property]) => `${inner}${propertyName(key)}: ${prettyLiteral(property, inner)},`);
  return `{\n${properties.join('\n')}\n${indent}}`;
}
