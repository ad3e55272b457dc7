import type { SourceTree } from '../../source-tree.ts';

/** What nearly every addition uses; a model that is not told reads each of them first. */
const HELPERS: readonly string[] = [
  'src/problem.ts',
  'src/statement.ts',
  'src/db.ts',
  'src/http/openapi.ts',
  'src/http/resource-routes.ts',
  'src/http/read-input.ts',
  'src/table/table.ts',
  'src/table/repository.ts',
  'src/table/row-values.ts',
  'src/table/nano-id.ts',
  'src/table/hash-secret.ts',
  'test/support/test-app.ts',
];

/** What the project's own helpers are called with: their exported types and signatures, with their comments. */
export function helperSignatures(scaffold: SourceTree): string {
  return HELPERS.flatMap((path) => {
    const content = scaffold.get(path);
    return content === undefined ? [] : [`// ${path}\n${signaturesOf(content)}`];
  }).join('\n\n');
}

/** Each export without what is in it. */
export function signaturesOf(source: string): string {
  const lines = source.split('\n');
  return lines
    .flatMap((line, index) =>
      line.startsWith('export ') ? [commentAbove(lines, index) + declaration(lines, index)] : [],
    )
    .join('\n');
}

function commentAbove(lines: readonly string[], index: number): string {
  if (lines[index - 1]?.endsWith('*/') !== true) return '';
  const start = lines.findLastIndex((line, at) => at < index && line.startsWith('/**'));
  return `${lines.slice(start, index).join('\n')}\n`;
}

function declaration(lines: readonly string[], index: number): string {
  const line = lines[index] ?? '';
  if (/^export (interface|type) /.test(line))
    return upTo(lines, index, (one) => /^\}|;$|\{\}$/.test(one) && !one.startsWith('  '));
  if (line.startsWith('export class ')) return classOutline(lines, index);
  if (line.startsWith('export const ')) return `${line.split(' = ')[0]};`;
  return `${upTo(lines, index, (one) => one.endsWith('{')).replace(/ \{$/, '')};`;
}

/** Its public fields and how it is made. */
function classOutline(lines: readonly string[], index: number): string {
  const body = upTo(lines, index, (one) => one === '}').split('\n');
  const members = body.filter((one) => /^ {2}(readonly \w+:|constructor\()/.test(one));
  return [body[0], ...members.map((one) => one.replace(/ \{$/, ';')), '}'].join('\n');
}

function upTo(lines: readonly string[], index: number, isLast: (line: string) => boolean): string {
  const end = lines.findIndex((line, at) => at >= index && isLast(line));
  return lines.slice(index, end < 0 ? index + 1 : end + 1).join('\n');
}
