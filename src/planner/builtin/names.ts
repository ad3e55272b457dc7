import pluralize from 'pluralize';

const MAX_NAME_BYTES = 62;

pluralize.addUncountableRule('staff');
pluralize.addUncountableRule('personnel');
pluralize.addUncountableRule('equipment');
pluralize.addUncountableRule('aircraft');
pluralize.addUncountableRule('feedback');
pluralize.addUncountableRule('inventory');
pluralize.addUncountableRule('attendance');
pluralize.addIrregularRule('criterion', 'criteria');
pluralize.addIrregularRule('leave', 'leaves');
pluralize.addSingularRule(
  /^(bus|status|campus|virus|bonus|menus?|gas|lens|canvas|atlas|iris|gps|sms|dns|news)$/i,
  '$1',
);
pluralize.addSingularRule(/^menus$/i, 'menu');

/** Postgres' keywords that cannot name a table or a column without quotes. */
const RESERVED = new Set(
  (
    'all analyse analyze and any array as asc asymmetric authorization binary both case cast check collate collation column ' +
    'concurrently constraint create cross current_catalog current_date current_role current_schema current_time ' +
    'current_timestamp current_user default deferrable desc distinct do else end except false fetch for foreign freeze from ' +
    'full grant group having ilike in initially inner intersect into is isnull join lateral leading left like limit ' +
    'localtime localtimestamp natural not notnull null offset on only or order outer overlaps placing primary references ' +
    'returning right select session_user similar some symmetric system_user table tablesample then to trailing true union ' +
    'unique user using variadic verbose when where window with ' +
    // Names of Postgres' own system columns, which no table may have.
    'ctid xmin xmax cmin cmax tableoid'
  ).split(' '),
);

/** Words in any writing → a lower-case name of [a-z0-9_]; empty when nothing is left. */
export function snakeCase(text: string): string {
  return text
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .replaceAll('ß', 'ss')
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .replaceAll(/['’]s?\b/g, '')
    .replaceAll(/[^a-z0-9]+/g, '_')
    .replaceAll(/^_+|_+$/g, '');
}

/** `blog post` → `blog_posts`; undefined when the text holds no Latin letter. */
export function tableName(text: string): string | undefined {
  const words = snakeCase(text).split('_').filter(Boolean);
  const last = words.pop();
  if (last === undefined) return undefined;
  return sound([...words, pluralize.plural(last)].join('_'), 'records');
}

/** A column's name as it may stand in SQL: never reserved, never too long; undefined when nothing is left of it. */
export function columnName(text: string): string | undefined {
  const name = snakeCase(text);
  return name ? sound(name, 'value') : undefined;
}

export function singularWord(word: string): string {
  return pluralize.singular(word);
}

export function pluralWord(word: string): string {
  return pluralize.plural(word);
}

export function isPluralWord(word: string): boolean {
  return pluralize.isPlural(word) && !pluralize.isSingular(word);
}

/** `order_items` → `order_item`. */
export function singularName(name: string): string {
  const words = name.split('_');
  const last = words.pop() ?? '';
  return [...words, pluralize.singular(last)].join('_');
}

/** The name of a table, index or constraint made of parts, cut to what Postgres keeps. */
export function joinName(...parts: readonly string[]): string {
  const suffix = parts.at(-1) ?? '';
  const start = parts.slice(0, -1).join('_');
  return `${start.slice(0, MAX_NAME_BYTES - suffix.length - 1)}_${suffix}`;
}

function sound(name: string, suffix: string): string {
  const safe = /^[a-z_]/.test(name) && !name.startsWith('pg_') && !name.startsWith('tb_') ? name : `a_${name}`;
  const short = cutAtWord(safe, 48);
  return RESERVED.has(short) ? `${short}_${suffix}` : short;
}

function cutAtWord(name: string, limit: number): string {
  if (name.length <= limit) return name;
  const cut = name.slice(0, limit + 1);
  const end = cut.lastIndexOf('_');
  return end > 0 ? cut.slice(0, end) : name.slice(0, limit);
}
