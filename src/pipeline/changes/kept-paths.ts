import type { ChangeStep, ListPath } from '../../changes/changes.ts';
import type { DatabaseSchema } from '../../domain/database-schema.ts';
import { describeApi } from '../../scaffold/scaffold.ts';
import { followSteps } from './meant-by-steps.ts';

/**
 * Lists that would move although nothing of theirs is renamed: a second key to the same table would make `posts` one of
 * `posts-as-author` and `posts-as-editor`. They stay where they are.
 */
export function keptPaths(
  steps: readonly ChangeStep[],
  before: DatabaseSchema | undefined,
  after: DatabaseSchema,
): readonly ListPath[] {
  if (!before) return [];
  const now = describeApi(after);
  const changes = followSteps(steps, before);
  const stays = (table: string): boolean => changes.get(table)?.name === table;
  return describeApi(before).flatMap(({ table: parent, nested }) =>
    nested.flatMap(({ path, table, column }): readonly ListPath[] => {
      const there = now
        .find((api) => api.table === parent)
        ?.nested.find((each) => each.table === table && each.column === column);
      const keepsName = stays(parent) && stays(table) && changes.get(table)?.columns.get(column) === column;
      const foreignKey = keyOf(after, table, column, parent);
      if (!there || there.path === path || !keepsName || foreignKey === undefined) return [];
      return [{ table, foreignKey, segment: path.slice(path.lastIndexOf('/') + 1) }];
    }),
  );
}

function keyOf({ tables }: DatabaseSchema, table: string, column: string, parent: string): string | undefined {
  const keys = tables.find(({ name }) => name === table)?.foreignKeys ?? [];
  return keys.find(
    ({ columns, referencedTable }) => columns.length === 1 && columns[0] === column && referencedTable === parent,
  )?.name;
}

/** The schema as it is read from the database once the paths are recorded there. */
export function withPaths(schema: DatabaseSchema, paths: readonly ListPath[]): DatabaseSchema {
  const tables = schema.tables.map((table) => ({
    ...table,
    foreignKeys: table.foreignKeys.map((key) => {
      const kept = paths.find((path) => path.table === table.name && path.foreignKey === key.name);
      return kept ? { ...key, listedAs: kept.segment } : key;
    }),
  }));
  return { ...schema, tables };
}
