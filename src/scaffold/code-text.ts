/** A value as TypeScript source on one line, keys quoted only where they must be. */
export function literal(value: unknown): string {
  if (typeof value === 'string') return quoted(value);
  if (Array.isArray(value)) return `[${value.map(literal).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'undefined';
  const properties = Object.entries(value).filter(([, inner]) => inner !== undefined);
  if (properties.length === 0) return '{}';
  return `{ ${properties.map(([key, inner]) => `${propertyName(key)}: ${literal(inner)}`).join(', ')} }`;
}

/** A key in an object literal. `__proto__` would set the prototype, unless computed. */
export function propertyName(name: string): string {
  if (name === '__proto__') return "['__proto__']";
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : quoted(name);
}

export function quoted(text: string): string {
  // Whichever quotes need no escaping, single ones by preference.
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  const inner = JSON.stringify(text)
    .slice(1, -1)
    .replaceAll('\\"', '"')
    .replaceAll(quote, `\\${quote}`)
    .replace(INVISIBLE, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
  return `${quote}${inner}${quote}`;
}

/** Text from outside as one line of prose that ends no comment and hides nothing. */
export function proseLine(text: string): string {
  return text.toWellFormed().replace(/\s+/g, ' ').replace(INVISIBLE, '').replaceAll('*/', '* /').trim();
}

// Controls, and what makes text look like something else: separators, joiners, direction marks.
// eslint-disable-next-line no-control-regex
const INVISIBLE = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g;
