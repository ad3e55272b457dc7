import type { DatabaseSchema, Table } from '../../../domain/database-schema.ts';
import { junctionTable, type DraftColumn } from '../draft.ts';
import { inferColumn } from '../infer-column.ts';
import { joinName, singularName, singularWord, snakeCase, tableName } from '../names.ts';
import { writeTable } from '../write-proposal.ts';
import { q, type ClauseChange, type ClauseParts } from './clause-change.ts';
import { findTable, peopleTable } from './find-names.ts';

export function actOn(
  schema: DatabaseSchema,
  { who = '', verb = '', what = '' }: ClauseParts,
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
export function several(schema: DatabaseSchema, { one = '', many = '' }: ClauseParts): ClauseChange | undefined {
  const table = findTable(schema, one);
  const wanted = snakeCase(singularWord(many.trim()));
  const other = findTable(schema, many);
  const key =
    table?.foreignKeys.find((each) => each.columns[0] === `${wanted}_id`) ??
    table?.foreignKeys.find((each) => each.referencedTable === other?.name);
  if (!table) return undefined;
  const target = key?.referencedTable ?? other?.name;
  if (target === undefined) return undefined;
  const name = freeName(schema, `${singularName(table.name)}_${tableName(wanted) ?? target}`);
  const [left, right] = [`${singularName(table.name)}_id`, `${wanted}_id`];
  const create = [
    `CREATE TABLE ${q(name)} (${left} varchar NOT NULL REFERENCES ${q(table.name)} ON DELETE CASCADE, ${right} varchar NOT NULL REFERENCES ${q(target)} ON DELETE CASCADE, PRIMARY KEY (${left}, ${right}))`,
    `CREATE INDEX ${joinName(name, right, 'idx')} ON ${q(name)} (${right})`,
  ];
  const column = key?.columns[0];
  if (column === undefined)
    return {
      sql: create.join(';\n'),
      reasoning: `${name} says which ${target} each of the ${table.name} has.`,
    };
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

/** Many of something: what people do to a row is said with who did it; other things are a table of their own. */
export function addMany(schema: DatabaseSchema, table: Table, text: string): ClauseChange | undefined {
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
