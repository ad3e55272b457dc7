import type { DraftColumn } from '../draft.ts';
import type { TableNotation } from '../notation.ts';
import { parseColumn, parseTable } from '../notation.ts';
import { singularName, snakeCase, tableName } from '../names.ts';
import { BUNDLES } from './bundles.ts';
import { COMMERCE } from './commerce.ts';
import { COMMUNITY } from './community.ts';
import { EDUCATION } from './education.ts';
import { FINANCE } from './finance.ts';
import { HEALTH } from './health.ts';
import { HOSPITALITY } from './hospitality.ts';
import { LEISURE } from './leisure.ts';
import { LOGISTICS } from './logistics.ts';
import { PARTS } from './parts.ts';
import { PEOPLE } from './people.ts';
import { PUBLISHING } from './publishing.ts';
import { TRADES } from './trades.ts';
import { WORK } from './work.ts';

const DOMAINS = [
  PEOPLE,
  COMMERCE,
  PUBLISHING,
  COMMUNITY,
  WORK,
  EDUCATION,
  HEALTH,
  HOSPITALITY,
  FINANCE,
  LOGISTICS,
  LEISURE,
  PARTS,
  TRADES,
];

const entities = DOMAINS.flatMap((domain) => lines(domain).map(parseEntity)).filter((entity) => entity !== undefined);
const byName = new Map<string, TableNotation>(
  // Main names come last: they win over another entity's other name.
  [
    ...entities.flatMap(({ table, others }) => others.map((other) => [other, table] as const)),
    ...entities.map(({ table }) => [singularName(table.name), table] as const),
  ],
);
const bundles = lines(BUNDLES).map(parseBundle);

/** The library's entity for a noun phrase (`order item`, `Clients`), or undefined. */
export function findEntity(noun: string): TableNotation | undefined {
  return byName.get(singularName(snakeCase(noun)));
}

/** All names that the library knows its entities by, in the plural. */
export function entityNames(): string[] {
  return [...byName.keys()].flatMap((name) => tableName(name) ?? []);
}

/** Other names of one entity share its library name: `clients` and `buyers` are `customers`. */
export function libraryName(table: string): string {
  return findEntity(table)?.name ?? table;
}

/** The owner and the part in `employee vacation request`: the library's part points at such an owner. */
export function findOwned(name: readonly string[]): { owner: readonly string[]; part: readonly string[] } | undefined {
  if (name.length < 2 || findEntity(name.join(' ')) !== undefined) return undefined;
  for (let at = 1; at < name.length; at++) {
    const [owner, part] = [name.slice(0, at), name.slice(at)];
    const target = findEntity(owner.join(' '))?.name;
    const columns = findEntity(part.join(' '))?.columns ?? [];
    const isOwned = columns.some(({ references }) => references !== undefined && libraryName(references) === target);
    // A part of one word keeps its full name: «recipe ratings».
    if (isOwned) return { owner, part: part.length > 1 ? part : name };
  }
  return undefined;
}

/** The tables that a kind of product usually has, by the longest of its names among the words (singular, lower-case). */
export function findBundle(words: readonly string[]): readonly string[] | undefined {
  const text = ` ${words.join(' ')} `;
  const found = bundles.flatMap(({ names, tables }) =>
    names.filter((name) => text.includes(` ${name} `)).map((name) => ({ name, tables })),
  );
  const rank = (name: string) => name.split(/[ -]/).length * 1000 - text.indexOf(` ${name} `);
  return found.toSorted((a, b) => rank(b.name) - rank(a.name))[0]?.tables;
}

/** The tables of a well-known product: `trello`. */
export function findBrand(name: string): readonly string[] | undefined {
  return bundles.find(({ brands }) => brands.includes(name.toLowerCase()))?.tables;
}

/** Whether words end in the name of a kind of product: `bike rental`, `gym`. */
export function isProductName(words: readonly string[]): boolean {
  const text = ` ${words.join(' ')}`;
  return bundles.some(({ names }) => names.some((name) => text.endsWith(` ${name}`)));
}

function lines(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean);
}

function parseEntity(line: string): { table: TableNotation; others: readonly string[] } | undefined {
  const [heads = '', ...columns] = line.split(': ');
  const [name = '', others = ''] = heads.replace(/:$/, '').split('|');
  const table = parseTable(name.trim(), columns.join(': '), parseExactly);
  if (table === undefined) return undefined;
  return {
    table,
    others: others
      .split(',')
      .map((other) => singularName(snakeCase(other)))
      .filter(Boolean),
  };
}

/** In the library, a column may be empty when it is marked so, whatever its name suggests. */
function parseExactly(text: string): DraftColumn | undefined {
  const column = parseColumn(text);
  return column && { ...column, nullable: /\?[!*]*$/.test(text.trim()) };
}

interface Bundle {
  readonly names: readonly string[];
  /** Those of them that are products somebody knows. */
  readonly brands: readonly string[];
  readonly tables: readonly string[];
}

function parseBundle(line: string): Bundle {
  const [names = '', tables = ''] = line.split(': ');
  const all = names.split(', ');
  const brands = all.filter((name) => name.startsWith('@')).map((name) => name.slice(1));
  return {
    names: all.map((name) => name.replace(/^@/, '')),
    brands,
    tables: tables.split(', ').map((name) => tableName(name) ?? name),
  };
}
