import type { Finding } from '../domain/schema-design.ts';
import { objectName } from './identifiers.ts';
import type { CheckDraft, IndexDraft, SchemaDraft, TableDraft } from './schema-draft.ts';
import { columnsIn } from './syntax-nodes.ts';

/**
 * Gives every constraint and index the name that Postgres would choose, so that nothing has to be guessed later.
 * `rename` replaces a name that is taken; without it that is an error, as it would be in Postgres.
 */
export function nameConstraints(
  draft: SchemaDraft,
  rename: boolean,
): { readonly draft: SchemaDraft; readonly findings: readonly Finding[] } {
  const names = new NameBook(draft, rename);
  const tables = draft.tables.map((table) => nameKeys(table, names)).map((table) => nameIndexes(table, names));
  return { draft: { ...draft, tables }, findings: names.findings };
}

/** Tables, indexes, sequences and types share one list of names; foreign keys and checks have a list for each table. */
class NameBook {
  readonly findings: Finding[] = [];
  readonly #shared: Set<string>;
  readonly #rename: boolean;

  constructor(draft: SchemaDraft, rename: boolean) {
    this.#rename = rename;
    this.#shared = new Set([...draft.tables.map(({ name }) => name), ...draft.enums.map(({ name }) => name)]);
    for (const table of draft.tables) for (const name of sequencesOf(table)) this.#shared.add(name);
  }

  /** A name for something with an index behind it. */
  shared(table: string, columns: string, suffix: string, wanted: string | undefined): string {
    return this.#take(this.#shared, table, columns, suffix, wanted);
  }

  own(list: Set<string>, table: string, columns: string, suffix: string, wanted: string | undefined): string {
    return this.#take(list, table, columns, suffix, wanted);
  }

  #take(taken: Set<string>, table: string, columns: string, suffix: string, wanted: string | undefined): string {
    const free = wanted !== undefined && !taken.has(wanted);
    const name = free ? wanted : objectName(table, columns, suffix, (candidate) => taken.has(candidate));
    if (wanted !== undefined && !free) this.findings.push(this.#clash(table, wanted, name));
    taken.add(name);
    return name;
  }

  #clash(table: string, wanted: string, name: string): Finding {
    const message = `The name "${wanted}" is used twice`;
    if (this.#rename)
      return {
        severity: 'change',
        code: 'duplicate-name',
        table,
        message: `${message}: on ${table} it is now "${name}"`,
      };
    return { severity: 'error', code: 'duplicate-name', table, message, fix: `Call the one on ${table} ${name}.` };
  }
}

function sequencesOf(table: TableDraft): readonly string[] {
  const filled = table.columns.filter((column) => column.identity !== undefined || column.type.name.endsWith('serial'));
  return filled.map((column) => objectName(table.name, column.name, 'seq', () => false));
}

function nameKeys(table: TableDraft, names: NameBook): TableDraft {
  const { name, primaryKey } = table;
  const own = new Set<string>();
  const named = {
    ...table,
    primaryKey: primaryKey && { ...primaryKey, name: names.shared(name, '', 'pkey', primaryKey.name) },
    uniques: table.uniques.map((unique) => ({
      ...unique,
      name: names.shared(name, unique.columns.join('_'), 'key', unique.name),
    })),
  };
  for (const key of [named.primaryKey, ...named.uniques]) if (key?.name) own.add(key.name);
  return {
    ...named,
    foreignKeys: table.foreignKeys.map((key) => ({
      ...key,
      name: names.own(own, name, key.columns.join('_'), 'fkey', key.name),
    })),
    checks: table.checks.map((check) => ({
      ...check,
      name: names.own(own, name, checkedColumn(check), 'check', check.name),
    })),
  };
}

/** Postgres puts the column into a check's name when there is just one. */
function checkedColumn(check: CheckDraft): string {
  const columns = columnsIn(check.expression);
  return columns.length === 1 ? columns[0]! : '';
}

function nameIndexes(table: TableDraft, names: NameBook): TableDraft {
  return {
    ...table,
    indexes: table.indexes.map((index) => ({
      ...index,
      name: names.shared(table.name, indexedColumns(index), 'idx', index.name),
    })),
  };
}

function indexedColumns(index: IndexDraft): string {
  return index.keys.map((key) => ('column' in key.on ? key.on.column : 'expr')).join('_');
}
