import type { DatabaseSchema, Table } from '../../domain/database-schema.ts';

/** How many references a way to the account may have. */
const LONGEST_WAY = 4;

/** Names that say whose row it is, rather than who else has to do with it. */
const OWNING =
  /^(?:owner|author|user|account|customer|member|creator|created_by|sender|patient|student|host|reporter)(?:_id)?$/;

export interface OwnerWay {
  /** `notebook_id.owner_id`. */
  readonly way: string;
  /** Other ways that are as short; which one is meant is a guess. */
  readonly others: readonly string[];
}

/** The shortest way over references from a table to the account; undefined when none leads there. */
export function ownerWay(schema: DatabaseSchema, accounts: string, table: Table): OwnerWay | undefined {
  let reached: readonly { readonly at: Table; readonly way: readonly string[] }[] = [{ at: table, way: [] }];
  for (let length = 1; length <= LONGEST_WAY; length += 1) {
    const steps = reached.flatMap(({ at, way }) =>
      singleKeys(at).map(({ column, target }) => ({ target, way: [...way, column] })),
    );
    const found = steps.filter(({ target }) => target === accounts).map(({ way }) => way.join('.'));
    const [best, ...others] = found.toSorted((a, b) => rank(table, a) - rank(table, b));
    if (best !== undefined)
      return { way: best, others: others.filter((way) => rank(table, way) === rank(table, best)) };
    reached = steps.flatMap(({ target, way }) => {
      const at = schema.tables.find(({ name }) => name === target);
      return at && at !== table ? [{ at, way }] : [];
    });
  }
  return undefined;
}

function rank(table: Table, way: string): number {
  const [first = ''] = way.split('.');
  const last = way.split('.').at(-1) ?? '';
  const nullable = table.columns.find(({ name }) => name === first)?.nullable === true;
  return (OWNING.test(last) || OWNING.test(first) ? 0 : 1) + (nullable ? 2 : 0);
}

export function singleKeys(table: Table): readonly { readonly column: string; readonly target: string }[] {
  return table.foreignKeys.flatMap(({ columns: [column], columns, referencedTable }) =>
    column === undefined || columns.length > 1 ? [] : [{ column, target: referencedTable }],
  );
}

/** The table at the end of a way; undefined where a column of it refers to nothing. */
export function endOfWay(schema: DatabaseSchema, table: Table, way: string): string | undefined {
  let at: Table | undefined = table;
  for (const column of way.split('.')) {
    const key: ReturnType<typeof singleKeys>[number] | undefined =
      at && singleKeys(at).find((one) => one.column === column);
    if (!key) return undefined;
    at = schema.tables.find(({ name }) => name === key.target);
  }
  return at?.name;
}
