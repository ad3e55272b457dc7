import { ownCalls } from './own-calls.ts';

interface ApiDocument {
  readonly paths?: Readonly<Record<string, PathItem>>;
  readonly security?: readonly unknown[];
}

interface PathItem {
  readonly get?: {
    readonly parameters?: readonly { readonly required?: boolean }[];
    readonly security?: readonly unknown[];
  };
  readonly post?: object;
}

/**
 * Calls of a backend that answer as they stand: what it has beyond its tables first, then every collection that may be
 * listed by anybody, as its own API document names it. `readme` is the project's, which has a call that makes a row; with it the first list is not empty.
 */
export function curlLines(document: object, readme: string, url: string): readonly string[] {
  const { paths = {}, security = [] } = document as ApiDocument;
  const lists = Object.entries(paths)
    .filter(([path, item]) => item.post !== undefined && isOpenList(path, item, security))
    .map(([path]) => path);
  const made = lists.map((path) => creation(readme, path, url)).find((line) => line !== undefined);
  const others = lists.map((path) => `curl ${url}${path}`);
  return [...ownCalls(document, new Set(lists), url), ...(made === undefined ? others : [made, ...others])];
}

function isOpenList(path: string, { get }: PathItem, security: readonly unknown[]): boolean {
  if (!get || path.includes('{') || (get.security ?? security).length > 0) return false;
  return !get.parameters?.some(({ required }) => required);
}

/** The README's call that makes a row of a collection, when it needs no other row first. */
function creation(readme: string, path: string, url: string): string | undefined {
  const start = `$(curl -s "$API${path}" `;
  const line = readme.split('\n').find((text) => text.includes(start));
  const rest = line?.slice(line.indexOf(start) + start.length).replace(/ \| field '[^']*'\)$/, '');
  return rest === undefined || /\$\w|"'$/.test(rest) ? undefined : `curl ${url}${path} ${rest}`;
}
