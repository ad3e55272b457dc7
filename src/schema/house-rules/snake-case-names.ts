import { toSnakeCase } from '../identifiers.ts';
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
    constraint: toSnakeCase,
  });
  return { draft: renamed, departures };
}

/** Old name → new name, for the names that change; a name that would clash with another stays as it is. */
function renames(names: readonly string[]): ReadonlyMap<string, string> {
  const taken = new Set(names);
  const changed = new Map<string, string>();
  for (const name of names) {
    const snake = toSnakeCase(name);
    if (snake === name || snake === '' || taken.has(snake)) continue;
    taken.add(snake);
    changed.set(name, snake);
  }
  return changed;
}

function told(changed: ReadonlyMap<string, string>): readonly Departure[] {
  return [...changed].map(([from, to]) => ({
    code: 'name-normalised',
    message: `"${from}" is not snake_case`,
    instead: to,
  }));
}
