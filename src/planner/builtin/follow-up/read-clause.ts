import type { DatabaseSchema, Table } from '../../../domain/database-schema.ts';
import { junctionTable, type DraftColumn } from '../draft.ts';
import { inferColumn } from '../infer-column.ts';
import { columnName, isPluralWord, joinName, singularName, singularWord, snakeCase, tableName } from '../names.ts';
import { columnClause, writeTable } from '../write-proposal.ts';
import { findColumn, findTable, peopleTable } from './find-names.ts';

/** One clause as SQL. */
export interface ClauseChange {
  readonly sql: string;
  readonly reasoning: string;
  readonly warnings?: readonly string[] | undefined;
}

type Reader = (schema: DatabaseSchema, parts: Readonly<Record<string, string>>) => ClauseChange | undefined;

const ARTICLE = '(?:(?:a|an|the|another|new|some|extra|their|its)\\s+)*';
const AUXILIARY = '(?:should|must|shall|can|could|may|might|will|need|needs|have\\s+to|has\\s+to|want|wants)';

/** Forms of a follow-up, the more telling first; the first that fits the schema is taken. */
const FORMS: readonly (readonly [pattern: RegExp, read: Reader])[] = [
  [
    form(
      `rename\\s+${ARTICLE}(?:column|field|table|property)?\\s*(?<from>.+?)\\s+(?:to|into|as)\\s+${ARTICLE}(?<to>[\\w -]+?)(?:\\s+(?:in|on|of|for)\\s+${ARTICLE}(?<table>[\\w ]+?)(?:\\s+table)?)?`,
    ),
    rename,
  ],
  [
    form(
      `(?:call|let)\\s+${ARTICLE}(?<from>.+?)\\s+(?:be\\s+)?(?:called\\s+)?(?<to>[\\w-]+)\\s+(?:instead|from now on)`,
    ),
    rename,
  ],
  [
    form(
      `(?:there\\s+(?:can|may|must)\\s+be\\s+)?(?:no\\s+more\\s+than|at\\s+most|only|allow\\s+only|just)\\s+(?:one|a\\s+single|1)\\s+(?<row>.+?)\\s+(?:per|for\\s+each|for\\s+every|by)\\s+(?<columns>.+)`,
    ),
    onePer,
  ],
  [
    form(
      `(?:make|mark|declare)\\s+${ARTICLE}(?<column>.+?)\\s+(?:to\\s+be\\s+|be\\s+)?(?<how>optional|nullable|not\\s+required|required|mandatory|not\\s+null|unique)(?:\\s+(?:in|on|for|of)\\s+${ARTICLE}(?<table>.+?))?`,
    ),
    makeHow,
  ],
  [
    form(
      `(?<column>.+?)\\s+${AUXILIARY}\\s+(?:no\\s+longer\\s+be|be|become)\\s+(?<how>optional|nullable|not\\s+required|required|mandatory|unique)(?:\\s+(?:in|on|for|of)\\s+${ARTICLE}(?<table>.+?))?`,
    ),
    makeHow,
  ],
  [
    form(
      `(?<column>.+?)\\s+(?:is|are)\\s+(?:now\\s+)?(?<how>optional|nullable|not\\s+required|required|mandatory|unique)(?:\\s+(?:in|on|for|of)\\s+${ARTICLE}(?<table>.+?))?`,
    ),
    makeHow,
  ],
  [
    form(
      `(?:remove|drop|delete|get\\s+rid\\s+of|take)\\s+${ARTICLE}(?:column|field)?\\s*(?<column>.+?)\\s+(?:away\\s+)?(?:from|of|in|on)\\s+${ARTICLE}(?<table>.+?)(?:\\s+table)?`,
    ),
    removeColumn,
  ],
  [
    form(
      `(?:remove|drop|delete|get\\s+rid\\s+of)\\s+${ARTICLE}(?:table\\s+)?(?<what>.+?)(?:\\s+(?:table|column|field))?(?:\\s+altogether)?`,
    ),
    removeEither,
  ],
  [
    form(
      `${ARTICLE}(?<one>[\\w ]+?)\\s+(?:can|may|should|could)\\s+(?:now\\s+)?(?:have|belong\\s+to|be\\s+written\\s+by)\\s+(?:several|many|multiple|more\\s+than\\s+one|any\\s+number\\s+of)\\s+(?<many>[\\w ]+?)`,
    ),
    several,
  ],
  [
    form(
      `${ARTICLE}(?<who>[\\w ]+?)\\s+(?:can|may|should\\s+be\\s+able\\s+to|want\\s+to|could)\\s+(?<verb>like|favou?rite|bookmark|follow|upvote|star|save|vote\\s+(?:on|for)|watch|subscribe\\s+to|react\\s+to|rate|review|share|report|block|join)\\s+${ARTICLE}(?<what>[\\w ]+?)`,
    ),
    actOn,
  ],
  [
    form(
      `(?:add|create|introduce|make)\\s+${ARTICLE}table\\s+(?:of\\s+|for\\s+|called\\s+|named\\s+)?(?<name>[\\w ]+?)(?:\\s+(?:with|having|\\()\\s*(?<columns>.+?)\\)?)?`,
    ),
    addTable,
  ],
  [
    form(
      `(?:add|give|include|attach|store|track|record|introduce|put|create)\\s+${ARTICLE}(?:columns?\\s+|fields?\\s+)?(?<columns>.+?)\\s+(?:to|for|on|in|with)\\s+(?:each\\s+|every\\s+|all\\s+)?${ARTICLE}(?<table>[\\w ]+?)(?:\\s+table)?`,
    ),
    addTo,
  ],
  [form(`(?:give)\\s+(?:each\\s+|every\\s+)?${ARTICLE}(?<table>\\w+)\\s+${ARTICLE}(?<columns>.+)`), addTo],
  [
    form(
      `(?:each\\s+|every\\s+|all\\s+)?${ARTICLE}(?<table>[\\w ]+?)\\s+(?:${AUXILIARY}\\s+)?(?:also\\s+|now\\s+)?(?:to\\s+)?(?:have|has|get|gets|store|include|includes|carry|need|needs)\\s+(?<columns>.+)`,
    ),
    addTo,
  ],
];

/** Undefined when no form fits, or names something that the schema does not have. */
export function readClause(clause: string, schema: DatabaseSchema): ClauseChange | undefined {
  const text = clause
    .replace(/^(?:please|now|also|and|can you|could you|i want to|we want to|let'?s|i need to|we need to)\s+/i, '')
    .replace(/[.!?]+$/, '')
    .trim();
  for (const [pattern, read] of FORMS) {
    const parts = pattern.exec(text)?.groups;
    const change =
      parts && read(schema, Object.fromEntries(Object.entries(parts).map(([name, value]) => [name, value ?? ''])));
    if (change) return change;
  }
  return undefined;
}

function form(pattern: string): RegExp {
  return new RegExp(`^${pattern}$`, 'i');
}

function rename(
  schema: DatabaseSchema,
  { from = '', to = '', table: place = '' }: Readonly<Record<string, string>>,
): ClauseChange | undefined {
  const named = columnName(to);
  const whole = place === '' ? findTable(schema, from) : undefined;
  const table = tableName(to);
  if (whole && table)
    return {
      sql: `ALTER TABLE ${q(whole.name)} RENAME TO ${q(table)}`,
      reasoning: `The table ${whole.name} is called ${table}.`,
    };
  const found = findColumn(schema, from, place);
  if (!found || !named) return undefined;
  return {
    sql: `ALTER TABLE ${q(found.table.name)} RENAME COLUMN ${q(found.column)} TO ${q(named)}`,
    reasoning: `${found.table.name}.${found.column} is called ${named}.`,
    warnings: found.others,
  };
}

function makeHow(
  schema: DatabaseSchema,
  { column = '', how = '', table: place = '' }: Readonly<Record<string, string>>,
): ClauseChange | undefined {
  const found = findColumn(schema, column, place);
  if (!found) return undefined;
  const { table, column: name, others } = found;
  const at = `${table.name}.${name}`;
  if (/unique/i.test(how))
    return {
      sql: `ALTER TABLE ${q(table.name)} ADD UNIQUE (${q(name)})`,
      reasoning: `No two rows of ${table.name} have the same ${name}.`,
      warnings: others,
    };
  const optional = /optional|nullable|not\s+required/i.test(how);
  return {
    sql: `ALTER TABLE ${q(table.name)} ALTER COLUMN ${q(name)} ${optional ? 'DROP' : 'SET'} NOT NULL`,
    reasoning: optional ? `${at} may be left out.` : `${at} has to be given.`,
    warnings: others,
  };
}

function removeColumn(
  schema: DatabaseSchema,
  { column = '', table: place = '' }: Readonly<Record<string, string>>,
): ClauseChange | undefined {
  const found = findColumn(schema, column, place);
  if (!found) return undefined;
  return {
    sql: `ALTER TABLE ${q(found.table.name)} DROP COLUMN ${q(found.column)} CASCADE`,
    reasoning: `${found.table.name} no longer has ${found.column}; its values are kept for an undo.`,
  };
}

function removeEither(
  schema: DatabaseSchema,
  { what = '' }: Readonly<Record<string, string>>,
): ClauseChange | undefined {
  const table = findTable(schema, what);
  if (table)
    return {
      sql: `DROP TABLE ${q(table.name)} CASCADE`,
      reasoning: `There are no ${table.name} any more; the rows are kept for an undo.`,
    };
  const found = findColumn(schema, what, '');
  // Which of several was meant is not for us to guess.
  return found && found.others.length === 0
    ? removeColumn(schema, { column: found.column, table: found.table.name })
    : undefined;
}

function onePer(
  schema: DatabaseSchema,
  { row = '', columns = '' }: Readonly<Record<string, string>>,
): ClauseChange | undefined {
  const table = findTable(schema, row);
  const names = listOf(columns).map(
    (part) =>
      table &&
      (
        findColumn({ ...schema, tables: [table] }, part, table.name) ??
        findColumn({ ...schema, tables: [table] }, `${part} id`, table.name)
      )?.column,
  );
  if (!table || names.length === 0 || names.some((name) => name === undefined)) return undefined;
  const keys = names.flatMap((name) => name ?? []);
  return {
    sql: `ALTER TABLE ${q(table.name)} ADD UNIQUE (${keys.map(q).join(', ')})`,
    reasoning: `At most one row of ${table.name} for each ${keys.join(' and ')}.`,
  };
}

function actOn(
  schema: DatabaseSchema,
  { who = '', verb = '', what = '' }: Readonly<Record<string, string>>,
): ClauseChange | undefined {
  const actor = findTable(schema, who) ?? peopleTable(schema);
  const target = /^(?:each other|one another|other \w+)$/i.test(what.trim()) ? actor : findTable(schema, what);
  if (!actor || !target) return undefined;
  const noun = nounOf(verb);
  const name = freeName(schema, noun, `${singularName(target.name)}_${noun}`);
  const table = junctionTable(actor.name, target.name, name, 1);
  const extra = /rate|review/i.test(verb) ? [inferColumn('rating')] : [];
  const { createQuery } = writeTable({ ...table, columns: [...table.columns, ...extra] });
  return {
    sql: createQuery,
    reasoning: `${name} says who ${actor.name === target.name ? 'follows whom' : `has which of the ${target.name}`}, each pair once.`,
  };
}

/** `vote on` → `votes`. */
function nounOf(verb: string): string {
  const [word = ''] = verb.toLowerCase().split(' ');
  return (
    tableName(
      word === 'save' ? 'saved item' : word === 'subscribe' ? 'subscription' : word === 'react' ? 'reaction' : word,
    ) ?? 'links'
  );
}

function freeName(schema: DatabaseSchema, ...names: readonly string[]): string {
  return names.find((name) => !schema.tables.some((table) => table.name === name)) ?? `${names.at(-1) ?? 'links'}_2`;
}

/** The key of one side moves into a table of pairs. */
function several(
  schema: DatabaseSchema,
  { one = '', many = '' }: Readonly<Record<string, string>>,
): ClauseChange | undefined {
  const table = findTable(schema, one);
  const wanted = snakeCase(singularWord(many.trim()));
  const other = findTable(schema, many);
  const key =
    table?.foreignKeys.find((each) => each.columns[0] === `${wanted}_id`) ??
    table?.foreignKeys.find((each) => each.referencedTable === other?.name);
  if (!table) return undefined;
  const target = key?.referencedTable ?? other?.name;
  if (target === undefined) return addTo(schema, { table: one, columns: many });
  const name = freeName(schema, `${singularName(table.name)}_${tableName(wanted) ?? target}`);
  const [left, right] = [`${singularName(table.name)}_id`, `${wanted}_id`];
  const create = [
    `CREATE TABLE ${q(name)} (${left} varchar NOT NULL REFERENCES ${q(table.name)} ON DELETE CASCADE, ${right} varchar NOT NULL REFERENCES ${q(target)} ON DELETE CASCADE, PRIMARY KEY (${left}, ${right}))`,
    `CREATE INDEX ${joinName(name, right, 'idx')} ON ${q(name)} (${right})`,
  ];
  const column = key?.columns[0];
  if (column === undefined)
    return { sql: create.join(';\n'), reasoning: `${name} says which ${target} each of the ${table.name} has.` };
  const [id = 'id'] = table.primaryKey;
  const move = [
    `INSERT INTO ${q(name)} (${left}, ${right}) SELECT ${q(id)}, ${q(column)} FROM ${q(table.name)} WHERE ${q(column)} IS NOT NULL`,
    `ALTER TABLE ${q(table.name)} DROP COLUMN ${q(column)}`,
  ];
  return {
    sql: [...create, ...move].join(';\n'),
    reasoning: `${name} takes over from ${table.name}.${column}, with the pairs there are.`,
  };
}

function addTable(
  schema: DatabaseSchema,
  { name: text = '', columns = '' }: Readonly<Record<string, string>>,
): ClauseChange | undefined {
  const name = tableName(text);
  if (!name || findTable(schema, text)) return undefined;
  const drafted =
    columns === '' ? [inferColumn('name')] : listOf(columns).flatMap((part) => draftColumn(schema, part) ?? []);
  return {
    sql: writeTable({ name, columns: drafted, uniques: [], confidence: 1 }).createQuery,
    reasoning: `A table of ${name}.`,
  };
}

function addTo(
  schema: DatabaseSchema,
  { table: place = '', columns = '' }: Readonly<Record<string, string>>,
): ClauseChange | undefined {
  const table = findTable(schema, place);
  const parts = listOf(columns);
  if (!table || parts.length === 0) return undefined;
  const changes = parts.map((part) => addOne(schema, table, part));
  const read = changes.flatMap((change) => change ?? []);
  if (read.length === 0) return undefined;
  const missed = parts.filter((_, index) => !changes[index]).map((part) => `Not understood, and left out: «${part}»`);
  return {
    sql: read.map(({ sql }) => sql).join(';\n'),
    reasoning: read.map(({ reasoning }) => reasoning).join(' '),
    warnings: [...read.flatMap((change) => change.warnings ?? []), ...missed],
  };
}

function addOne(schema: DatabaseSchema, table: Table, part: string): ClauseChange | undefined {
  const text = part.trim().replace(/\s+(?:column|field)s?$/i, '');
  const noun = /(\w+)$/.exec(text)?.[1] ?? '';
  const isSeveral = isPluralWord(noun) && !/_?(?:notes|details|settings|preferences|points|views|pages)$/i.test(noun);
  return isSeveral ? addMany(schema, table, text) : addColumn(schema, table, text);
}

function addColumn(schema: DatabaseSchema, table: Table, text: string): ClauseChange | undefined {
  const column = draftColumn(schema, text);
  if (!column) return undefined;
  if (table.columns.some(({ name }) => name === column.name)) return undefined;
  // Rows that are there have no value for it, so it cannot be demanded of them.
  const isFilled = column.default !== undefined;
  const draft = { ...column, nullable: !isFilled, unique: column.unique };
  const index =
    column.references === undefined
      ? []
      : [`CREATE INDEX ${joinName(table.name, column.name, 'idx')} ON ${q(table.name)} (${q(column.name)})`];
  return {
    sql: [`ALTER TABLE ${q(table.name)} ADD COLUMN ${columnClause(draft, table.name)}`, ...index].join(';\n'),
    reasoning: `${table.name} get ${column.name} (${column.type})${isFilled ? '' : ', empty for the rows there are'}.`,
  };
}

/** `phone number`, `category`, `price as numeric(10,2)`, `status (open, closed)`. */
function draftColumn(schema: DatabaseSchema, part: string): DraftColumn | undefined {
  const [, text = '', values] =
    /^(?:an?\s+|the\s+|optional\s+|required\s+)*(.+?)(?:\s*(?:\(|:)\s*(?:one of\s+)?(.+?)\)?)?$/i.exec(part.trim()) ??
    [];
  const name = columnName(text.replace(/\s+(?:of type|as an?)\s+.*$/i, ''));
  if (!name || !/^[\w -]+$/.test(text)) return undefined;
  const target = findTable(schema, text);
  if (target && target.primaryKey.length === 1) {
    const key = target.columns.find((column) => column.name === target.primaryKey[0]);
    return {
      name: `${singularName(target.name)}_id`,
      type: key?.type ?? 'varchar',
      nullable: true,
      references: target.name,
    };
  }
  const column = inferColumn(name);
  const listed =
    values
      ?.split(/\s*(?:,|\||\/|\bor\b)\s*/)
      .map((value) => value.trim())
      .filter(Boolean) ?? [];
  if (values && TYPES.test(values)) return { ...column, type: values };
  return listed.length > 1
    ? { ...column, type: 'varchar(32)', values: listed, default: `'${(listed[0] ?? '').replaceAll("'", "''")}'` }
    : column;
}

const TYPES =
  /^(?:text|varchar|integer|int|bigint|boolean|bool|numeric|date|timestamptz|jsonb|uuid|real)(?:\(\d+(?:,\s*\d+)?\))?$/i;

/** Many of something: what people do to a row is said with who did it; other things are a table of their own. */
function addMany(schema: DatabaseSchema, table: Table, text: string): ClauseChange | undefined {
  const noun = tableName(text);
  if (!noun) return undefined;
  const people = peopleTable(schema);
  if (DEEDS.test(noun) && people && people.name !== table.name)
    return actOn(schema, { who: people.name, verb: singularWord(noun), what: table.name });
  const existing = findTable(schema, noun);
  const junction = freeName(schema, `${singularName(table.name)}_${noun}`);
  if (existing) {
    if (existing.foreignKeys.some((key) => key.referencedTable === table.name)) return undefined;
    return {
      sql: writeTable(junctionTable(table.name, existing.name, junction, 1)).createQuery,
      reasoning: `${junction} says which ${noun} each of the ${table.name} has.`,
    };
  }
  if (SHARED.test(noun)) {
    const made = writeTable({
      name: noun,
      columns: [{ ...inferColumn('name'), unique: true }],
      uniques: [],
      confidence: 1,
    });
    const pairs = writeTable(junctionTable(table.name, noun, junction, 1));
    return {
      sql: `${made.createQuery};\n${pairs.createQuery}`,
      reasoning: `A table of ${noun}, and ${junction} says which of them each of the ${table.name} has.`,
    };
  }
  const key: DraftColumn = {
    name: `${singularName(table.name)}_id`,
    type: 'varchar',
    nullable: false,
    references: table.name,
    isPart: true,
  };
  const columns = [
    key,
    ...(people && people.name !== table.name && WRITTEN.test(noun)
      ? [
          {
            name: `${singularName(people.name)}_id`,
            type: 'varchar',
            nullable: false,
            references: people.name,
            isPart: true,
          },
        ]
      : []),
    WRITTEN.test(noun) ? inferColumn('body') : inferColumn('name'),
  ];
  return {
    sql: writeTable({ name: noun, columns, uniques: [], confidence: 1 }).createQuery,
    reasoning: `A table of ${noun}, each of one of the ${table.name}.`,
  };
}

const DEEDS = /(^|_)(likes|favou?rites|bookmarks|follows|followers|upvotes|stars|votes|ratings|reactions|shares)$/;
const SHARED = /(^|_)(tags|labels|categories|topics|genres|skills|languages|keywords|amenities|ingredients)$/;
const WRITTEN = /(^|_)(comments|reviews|notes|messages|replies|answers)$/;

/** `a phone number, an address and a city` */
function listOf(text: string): readonly string[] {
  return text
    .replace(/\(([^)]*)\)/g, (whole) => whole.replaceAll(',', '|'))
    .split(/\s*,\s*(?:and\s+)?|\s+and\s+(?:also\s+)?/i)
    .map((part) => part.trim().replace(/^(?:an?|the|their|its|some|one)\s+/i, ''))
    .filter(Boolean);
}

function q(name: string): string {
  return /^[a-z_][a-z0-9_]*$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`;
}
