import pluralize from 'pluralize';
import type { DatabaseSchema } from './database-schema.ts';

/** What a table is called in files, code, paths and documents. */
export interface TableNames {
  /** `blog-posts`: its files and, always in the plural, its path. */
  readonly file: string;
  /** `blogPosts`: starts the names of what its files export. */
  readonly identifier: string;
  /** `BlogPost` */
  readonly model: string;
  /** `blog post` */
  readonly singular: string;
  /** `blog posts` */
  readonly plural: string;
}

/** Names for every table of the schema, no two alike even where letter case does not count. */
export function nameTables(schema: DatabaseSchema): ReadonlyMap<string, TableNames> {
  // The documents have a model of that name already.
  const taken = new Set(['model problem']);
  return new Map(schema.tables.map((table) => [table.name, nameTable(table.name, taken)]));
}

/** `Blog_Posts2` as `blog`, `posts2`: lower-case words of [a-z0-9]. */
export function wordsOf(name: string): string[] {
  return name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter(Boolean);
}

function nameTable(name: string, taken: Set<string>): TableNames {
  const words = wordsOf(name);
  if (words.length === 0) words.push('table');
  if (/^\d/.test(words[0] ?? '')) words.unshift('table');
  const last = words.at(-1) ?? '';
  const singular = [...words.slice(0, -1), pluralize.singular(last) || last];
  const plural = [...words.slice(0, -1), pluralize.plural(last)];
  const suffix = freeSuffix(plural, singular, taken);
  return {
    file: plural.join('-') + (suffix && `-${suffix}`),
    identifier: camel(plural) + suffix,
    model: pascal(singular) + suffix,
    singular: singular.join(' ') + (suffix && ` ${suffix}`),
    plural: plural.join(' ') + (suffix && ` ${suffix}`),
  };
}

/** Nothing, or the first number that keeps the table's names apart from those before it; takes them. */
function freeSuffix(plural: readonly string[], singular: readonly string[], taken: Set<string>): string {
  const identifier = camel(plural).toLowerCase();
  const model = pascal(singular).toLowerCase();
  for (let number = 1; ; number++) {
    const suffix = number === 1 ? '' : String(number);
    const claimed = [`identifier ${identifier}${suffix}`, ...modelNames(model + suffix)];
    if (claimed.some((claim) => taken.has(claim))) continue;
    for (const claim of claimed) taken.add(claim);
    return suffix;
  }
}

/** What the documents make of a model's name, all of which have to differ: a table «new posts» beside «posts». */
function modelNames(model: string): string[] {
  return [model, `new${model}`, `${model}changes`, `${model}page`].map((name) => `model ${name}`);
}

function pascal(words: readonly string[]): string {
  return words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('');
}

function camel(words: readonly string[]): string {
  const name = pascal(words);
  return name.charAt(0).toLowerCase() + name.slice(1);
}
