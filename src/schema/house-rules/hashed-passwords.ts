import { renameDraft } from '../rename-draft.ts';
import type { ColumnDraft, SchemaDraft, TableDraft } from '../schema-draft.ts';
import { changeColumns, type RuleOutcome } from './house-rule.ts';

const PASSWORD =
  /^(?:user_)?(?:hashed_|encrypted_)?(?:password|passwd|passwort|pwd|pass|passcode)(?:_digest|_hashed|_encrypted)?$/;
const TEXTS: ReadonlySet<string> = new Set(['text', 'varchar', 'bpchar']);

/** A hash takes about a hundred characters. */
const MIN_LENGTH = 128;

/** A password is never kept, only its hash; the name says so, and the backend goes by it. */
export function hashedPasswords(draft: SchemaDraft): RuleOutcome {
  const found = draft.tables.flatMap((table) => {
    const column = passwordColumn(table);
    return column ? [[table.name, column] as const] : [];
  });
  const columns = new Map(found);
  const renamed = renameDraft(draft, {
    type: (name) => name,
    column: (table, name) => (columns.get(table) === name ? 'password_hash' : name),
    constraint: (name) => name,
  });
  return {
    draft: {
      ...renamed,
      tables: renamed.tables.map((table) => (columns.has(table.name) ? changeColumns(table, widened) : table)),
    },
    departures: found.map(([table, column]) => ({
      code: 'password-hashed',
      table,
      message: `${table}.${column} looks like a password; only a hash of it may be kept`,
      instead: 'password_hash',
    })),
  };
}

function passwordColumn(table: TableDraft): string | undefined {
  if (table.columns.some(({ name }) => name === 'password_hash')) return undefined;
  return table.columns.find(({ name, type }) => PASSWORD.test(name) && TEXTS.has(type.name))?.name;
}

function widened(column: ColumnDraft): ColumnDraft {
  const length = column.type.modifiers[0];
  if (column.name !== 'password_hash' || length === undefined || length >= MIN_LENGTH) return column;
  return { ...column, type: { ...column.type, name: 'varchar', modifiers: [255] } };
}
