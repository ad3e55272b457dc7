import { markdownCellCode, markdownText } from './markdown-text.ts';

/** The part of an OpenAPI document that a README tells. */
interface Document {
  readonly paths?: Readonly<Record<string, Readonly<Record<string, { readonly summary?: string }>>>>;
}

const HEADING = '## The API\n\n';
/** What stands at the table's end by itself. */
const OWN_ROW = /^\| `\/(healthz|openapi\.json)`/;

/**
 * The README with the paths that the document has, and without the files that are no longer to be written. What else
 * stands in it, and a README that has no such table any more, stays as it is.
 */
export function renewReadme(readme: string, document: Document, unwritten: readonly string[]): string {
  return withoutWritten(withPaths(readme, document), unwritten);
}

function withPaths(readme: string, { paths = {} }: Document): string {
  const start = readme.indexOf(HEADING);
  if (start < 0) return readme;
  const table = readme.slice(start + HEADING.length).split('\n\n', 1)[0] ?? '';
  const [head = '', rule = '', ...rows] = table.split('\n');
  if (!head.startsWith('| Path |')) return readme;
  const own = rows.filter((row) => OWN_ROW.test(row));
  const isWide = head.includes('| Method |');
  const told = Object.entries(paths).filter(([path]) => !own.some((row) => row.includes(`\`${path}\``)));
  const made = told.flatMap(([path, operations]) => (isWide ? rowsOf(path, operations) : [rowOf(path, operations)]));
  return readme.replace(HEADING + table, () => HEADING + [head, rule, ...made, ...own].join('\n'));
}

function rowOf(path: string, operations: object): string {
  return `| ${markdownCellCode(path)} | ${Object.keys(operations)
    .map((method) => method.toUpperCase())
    .join(', ')} |`;
}

function rowsOf(path: string, operations: Readonly<Record<string, { readonly summary?: string }>>): string[] {
  return Object.entries(operations).map(
    ([method, { summary = '' }]) =>
      `| ${markdownCellCode(path)} | ${method.toUpperCase()} | ${markdownText(summary)} |`,
  );
}

/** A list of files of which one after the other goes, and with the last of them what is said before it. */
function withoutWritten(readme: string, unwritten: readonly string[]): string {
  const part = /\*\*What is still to be written:\*\* the endpoints are documented[^]*?\n\n((?:- `[^`]+`\n)+)\n/.exec(
    readme,
  );
  if (!part) return readme;
  const [whole, list = ''] = part;
  const left = list.split('\n').filter((line) => unwritten.some((path) => line === `- \`${path}\``));
  return readme.replace(whole, () => (left.length === 0 ? '' : whole.replace(list, () => `${left.join('\n')}\n`)));
}
