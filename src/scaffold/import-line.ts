import { quoted } from './code-text.ts';

const LINE_WIDTH = 120;

/** `import { a, b } from '…';`, on more lines when it is long; nothing when no name is wanted. */
export function importLine(names: readonly string[], from: string): string {
  if (names.length === 0) return '';
  const line = `import { ${names.join(', ')} } from ${quoted(from)};`;
  return line.length <= LINE_WIDTH
    ? line
    : `import {\n${names.map((name) => `  ${name},\n`).join('')}} from ${quoted(from)};`;
}

/** `import type { A } from '…';` */
export function importTypeLine(name: string, from: string): string {
  return `import type { ${name} } from ${quoted(from)};`;
}

/** The lines that say something, each on its own. */
export function importBlock(...lines: readonly string[]): string {
  return lines.filter(Boolean).join('\n');
}
