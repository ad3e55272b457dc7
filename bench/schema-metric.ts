import pluralize from 'pluralize';

/** The shape of a design, as far as it is scored. */
export interface ScoredTable {
  readonly name: string;
  readonly columns: readonly string[];
  /** Names of the tables that it references. */
  readonly references: readonly string[];
}

export interface SchemaScore {
  readonly table: number;
  readonly column: number;
  readonly foreignKey: number;
}

/** Words that say that something is a table, and no more. */
const TABLE_FILLERS = new Set(['record', 'information', 'info', 'table', 'detail', 'data', 'entry', 'tbl']);
const SMALL_WORDS = new Set(['of', 'the', 'and', 'a', 'an', 'in', 'for', 'to']);
const HOUSE_COLUMNS = new Set(['id', 'created_at', 'updated_at', 'deleted_at']);
const SYNONYMS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    phone: 'telephone tel mobile cellphone',
    id: 'num no number code identifier',
    gender: 'sex',
    birth: 'birthday birthdate dob',
    note: 'remark',
    customer: 'client',
    employee: 'staff',
    description: 'desc introduction',
    quantity: 'qty',
    mail: 'email',
    image: 'photo picture',
    time: 'timestamp datetime',
    price: 'cost fee',
    address: 'location',
    name: 'username title headline',
    type: 'category kind',
    status: 'state',
  }).flatMap(([word, others]) => others.split(' ').map((other) => [other, word] as const)),
);

/**
 * How near a design comes to what people made of the same prompt: F1 of tables, of columns over the whole schema and of
 * foreign keys as pairs of tables, each 0 to 1. Names are normalised and matched one to one; house columns never count
 * against a design; an empty design scores 0.
 */
export function scoreSchema(gold: readonly ScoredTable[], proposed: readonly ScoredTable[]): SchemaScore {
  const pairs = matchOneToOne(
    gold.map(({ name }) => tableWords(name)),
    proposed.map(({ name }) => tableWords(name)),
    0.5,
  );
  return {
    table: f1(pairs.size, proposed.length, gold.length),
    column: columnScore(gold, proposed, pairs),
    foreignKey: foreignKeyScore(gold, proposed, pairs),
  };
}

function columnScore(
  gold: readonly ScoredTable[],
  proposed: readonly ScoredTable[],
  pairs: ReadonlyMap<number, number>,
): number {
  let count = proposed.flatMap(({ columns }) => columns).filter(isOwn).length;
  let hits = 0;
  for (const [wanted, given] of pairs) {
    const [left, right] = [gold[wanted], proposed[given]];
    if (!left || !right) continue;
    const matched = matchOneToOne(
      left.columns.map((name) => columnWords(name, left.name)),
      right.columns.map((name) => columnWords(name, right.name)),
      0.6,
    );
    hits += matched.size;
    // A house column counts once it answers to something asked for.
    count += [...matched.values()].filter((index) => !isOwn(right.columns[index] ?? '')).length;
  }
  return f1(hits, count, gold.flatMap(({ columns }) => columns).length);
}

function foreignKeyScore(
  gold: readonly ScoredTable[],
  proposed: readonly ScoredTable[],
  pairs: ReadonlyMap<number, number>,
): number {
  const back = new Map([...pairs].map(([wanted, given]) => [given, wanted]));
  const wanted = edges(gold, (index) => String(index)).filter((edge) => !edge.includes('?'));
  const given = edges(proposed, (index) => String(back.get(index) ?? `own ${index}`));
  return f1(given.filter((edge) => wanted.includes(edge)).length, given.length, wanted.length);
}

function edges(tables: readonly ScoredTable[], label: (index: number) => string): string[] {
  const indexOf = new Map(tables.map(({ name }, index) => [name, index]));
  const target = (name: string) => (indexOf.has(name) ? label(indexOf.get(name) ?? 0) : '?');
  return [
    ...new Set(tables.flatMap(({ references }, index) => references.map((name) => `${label(index)}>${target(name)}`))),
  ];
}

function isOwn(column: string): boolean {
  return !HOUSE_COLUMNS.has(column);
}

/** Pairs of indexes, the likest first, each index once. */
export function matchOneToOne(
  left: readonly (readonly string[])[],
  right: readonly (readonly string[])[],
  threshold: number,
): Map<number, number> {
  const candidates = left
    .flatMap((a, i) => right.map((b, j) => ({ i, j, likeness: likeness(a, b) })))
    .filter((candidate) => candidate.likeness >= threshold)
    .toSorted((a, b) => b.likeness - a.likeness);
  const matched = new Map<number, number>();
  const taken = new Set<number>();
  for (const { i, j } of candidates) {
    if (matched.has(i) || taken.has(j)) continue;
    matched.set(i, j);
    taken.add(j);
  }
  return matched;
}

export function likeness(a: readonly string[], b: readonly string[]): number {
  if (a.join(' ') === b.join(' ')) return 2;
  const [left, right] = [new Set(a), new Set(b)];
  return (2 * left.intersection(right).size) / (left.size + right.size || 1);
}

function words(name: string): string[] {
  return name
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter(Boolean)
    .map((word) => pluralize.singular(word));
}

export function tableWords(name: string): string[] {
  const all = words(name)
    .map((word) => (word === 'client' || word === 'staff' ? (SYNONYMS.get(word) ?? word) : word))
    .filter((word) => !SMALL_WORDS.has(word));
  const telling = all.filter((word) => !TABLE_FILLERS.has(word));
  return telling.length > 0 ? telling : all;
}

function columnWords(name: string, table: string): string[] {
  const own = new Set([...tableWords(table), ...words(table)]);
  const all = words(name).filter((word) => !['of', 'the', 'and', 'a'].includes(word));
  const telling = all.filter((word) => !own.has(word));
  const kept = (telling.length > 0 ? telling : all).map((word) =>
    ['client', 'staff'].includes(word) ? word : (SYNONYMS.get(word) ?? word),
  );
  const isLed = kept.length > 1 && ['contact', 'current', 'basic', 'information', 'info'].includes(kept[0] ?? '');
  return (isLed ? kept.slice(1) : kept).toSorted();
}

function f1(hits: number, given: number, wanted: number): number {
  const precision = given > 0 ? hits / given : Number(wanted === 0);
  const recall = wanted > 0 ? hits / wanted : Number(given === 0);
  return precision + recall > 0 ? (2 * precision * recall) / (precision + recall) : 0;
}
