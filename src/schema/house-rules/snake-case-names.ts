import { byteLength, MAX_NAME_BYTES, toSnakeCase } from '../identifiers.ts';
import { renameDraft } from '../rename-draft.ts';
import type { SchemaDraft } from '../schema-draft.ts';
import type { Departure, RuleOutcome } from './house-rule.ts';

/** Names are snake_case, so that nobody ever has to quote one. */
export function snakeCaseNames(draft: SchemaDraft): RuleOutcome {
  const types = renames([...draft.tables, ...draft.enums].map(({ name }) => name));
  const columns = new Map(draft.tables.map((table) => [table.name, renames(table.columns.map(({ name }) => name))]));
  const departures = [
    ...told(types),
    ...[...columns].flatMap(([table, changed]) =>
      told(changed).map((departure) => ({ ...departure, table: types.get(table) ?? table })),
    ),
  ];
  const renamed = renameDraft(draft, {
    type: (name) => types.get(name) ?? name,
    column: (table, name) => columns.get(table)?.get(name) ?? name,
    constraint: spelled,
  });
  return { draft: renamed, departures };
}

/** Old name → new name, for the names that change; one that would clash with another gets a number. */
function renames(names: readonly string[]): ReadonlyMap<string, string> {
  const taken = new Set(names);
  const changed = new Map<string, string>();
  for (const name of names) {
    const snake = spelled(name);
    if (snake === name) continue;
    const free =
      [snake, ...Array.from(names, (_, index) => `${snake}_${index + 2}`)].find((each) => !taken.has(each)) ?? name;
    taken.add(free);
    changed.set(name, free);
  }
  return changed;
}

/** In snake_case, unless that would be too long for a name. */
function spelled(name: string): string {
  const snake = toSnakeCase(name);
  return snake === '' || byteLength(snake) > MAX_NAME_BYTES - 3 ? name : snake;
}

function told(changed: ReadonlyMap<string, string>): readonly Departure[] {
  return [...changed].map(([from, to]) => ({
    code: 'name-normalised',
    message: `"${from}" is not snake_case`,
    instead: to,
  }));
}
