import { proseLine } from './code-text.ts';

/** Text from outside as one line of Markdown that shows it as it is: no markup, no HTML. */
export function markdownText(text: string): string {
  return proseLine(text).replace(/[\\`*_{}[\]<>()#+!|~&$^=:-]/g, (character) => `\\${character}`);
}

/** Text as code in a line of Markdown, whatever backticks it has. */
function markdownCode(text: string): string {
  const line = proseLine(text);
  const longest = Math.max(0, ...[...line.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return longest > 0 ? `${fence} ${line} ${fence}` : `${fence}${line}${fence}`;
}

/** The same inside a table's cell, where a bar would end it. */
export function markdownCellCode(text: string): string {
  return markdownCode(text).replaceAll('|', '\\|');
}
