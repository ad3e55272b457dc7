import type { ChangeStep } from '../../changes/changes.ts';
import type { DatabaseSchema } from '../../domain/database-schema.ts';
import { fieldName } from '../../domain/field-name.ts';
import { describeApi, type ResourceApi } from '../../scaffold/scaffold.ts';
import type { MeantDifferences, MeantInRows } from '../../verify/verify.ts';

/** What the steps mean to change in a backend's answers: its paths, and the fields of its rows. */
export function meantBySteps(
  steps: readonly ChangeStep[],
  before: DatabaseSchema,
  after: DatabaseSchema,
  ownFiles: readonly string[],
): MeantDifferences {
  const tables = followSteps(steps, before);
  const now = describeApi(after);
  const paths = Object.fromEntries(describeApi(before).flatMap((api) => pathsOf(api, tables, now)));
  const rows = Object.fromEntries(
    describeApi(before).flatMap((api) =>
      [
        [api.collectionPath, api.table],
        [api.itemPath, api.table],
        ...api.nested.map(({ path, table }) => [path, table]),
      ].map(([path = '', table = '']) => [path, rowsOf(tables.get(table), table, before, after)]),
    ),
  );
  return { paths, rows, elsewhere: union(Object.values(rows)), reasons: reasonsOf(tables, paths), ownFiles };
}

/** What becomes of each table, by its name before. */
export function followSteps(steps: readonly ChangeStep[], before: DatabaseSchema): ReadonlyMap<string, TableChanges> {
  const tables = new Map(before.tables.map((table) => [table.name, new TableChanges(table.name, table.columns)]));
  for (const step of steps) follow(tables, step, before);
  return tables;
}

/** What becomes of one table and its columns. */
class TableChanges {
  readonly before: string;
  /** Undefined when it is gone. */
  name: string | undefined;
  /** By the name before: the name now, undefined when it is gone. */
  readonly columns: Map<string, string | undefined>;
  readonly added = new Set<string>();
  readonly revalued = new Set<string>();
  /** Columns, by their names before, whose foreign key is gone. */
  readonly unlinked = new Set<string>();

  constructor(name: string, columns: DatabaseSchema['tables'][number]['columns']) {
    this.before = name;
    this.name = name;
    this.columns = new Map(columns.map((column) => [column.name, column.name]));
  }

  call(name: string | undefined): void {
    this.name = name;
  }

  rename(from: string, to: string): void {
    if (this.revalued.delete(from)) this.revalued.add(to);
    if (this.added.delete(from)) this.added.add(to);
    else this.columns.set(this.originOf(from) ?? from, to);
  }

  drop(name: string): void {
    if (!this.added.delete(name)) this.columns.set(this.originOf(name) ?? name, undefined);
  }

  originOf(name: string): string | undefined {
    return [...this.columns].find(([, now]) => now === name)?.[0];
  }
}

function follow(tables: ReadonlyMap<string, TableChanges>, step: ChangeStep, before: DatabaseSchema): void {
  const named = (name: string): TableChanges | undefined => [...tables.values()].find((each) => each.name === name);
  if (step.kind === 'rename-table') named(step.from)?.call(step.to);
  if (step.kind === 'drop-table') named(step.table.name)?.call(undefined);
  if (step.kind === 'rename-column') named(step.table)?.rename(step.from, step.to);
  if (step.kind === 'drop-column') named(step.table)?.drop(step.column.name);
  if (step.kind === 'add-column' || step.kind === 'restore-column') named(step.table)?.added.add(step.column.name);
  if (step.kind === 'set-type' || step.kind === 'fill-column' || step.kind === 'unfill-column') {
    named(step.table)?.revalued.add(step.column);
  }
  if (step.kind === 'drop-constraint') unlink(named(step.table), step.constraint);
  if (step.kind === 'rename-enum-value' || step.kind === 'set-enum-values') revalueEnum(tables, step.type, before);
}

function unlink(
  table: TableChanges | undefined,
  constraint: Extract<ChangeStep, { kind: 'drop-constraint' }>['constraint'],
): void {
  if (!table || constraint.kind !== 'foreign-key') return;
  for (const column of constraint.foreignKey.columns) table.unlinked.add(table.originOf(column) ?? column);
}

function revalueEnum(tables: ReadonlyMap<string, TableChanges>, type: string, before: DatabaseSchema): void {
  for (const { name, columns } of before.tables) {
    const table = tables.get(name);
    for (const column of columns) {
      const now = table?.columns.get(column.name);
      if (now !== undefined && column.type.replaceAll('"', '').replace('[]', '') === type) table?.revalued.add(now);
    }
  }
}

/** Where each path of a table is now, of those that are not where they were. */
function pathsOf(
  api: ResourceApi,
  tables: ReadonlyMap<string, TableChanges>,
  now: readonly ResourceApi[],
): readonly (readonly [string, string | null])[] {
  const table = tables.get(api.table);
  const own = [api.collectionPath, ...(api.itemPath === undefined ? [] : [api.itemPath])];
  const there = now.find(({ table: name }) => name === table?.name);
  if (!table || !there) return [...own, ...api.nested.map(({ path }) => path)].map((path) => [path, null] as const);
  const isRenamed = table.name !== table.before;
  const moved = [
    ...(isRenamed ? [[api.collectionPath, there.collectionPath] as const] : []),
    ...(api.itemPath !== undefined && (isRenamed || !keepsKey(api, table))
      ? [[api.itemPath, there.itemPath ?? null] as const]
      : []),
  ];
  return [...moved, ...api.nested.flatMap((nested) => nestedPath(nested, api, there, tables))];
}

function keepsKey({ keyColumns }: ResourceApi, table: TableChanges): boolean {
  return keyColumns.every((column) => table.columns.get(column) === column);
}

function nestedPath(
  { path, table: childName, column }: ResourceApi['nested'][number],
  api: ResourceApi,
  parent: ResourceApi,
  tables: ReadonlyMap<string, TableChanges>,
): readonly (readonly [string, string | null])[] {
  const child = tables.get(childName);
  const columnNow = child?.columns.get(column);
  if (!child || child.name === undefined || columnNow === undefined || child.unlinked.has(column))
    return [[path, null]];
  const isSame = child.name === childName && columnNow === column && parent.table === api.table;
  const there = parent.nested.find((nested) => nested.table === child.name && nested.column === columnNow);
  // Where nothing of it is renamed its path has to stay: whether it does is for the gate to find out.
  return isSame ? [] : [[path, there?.path ?? null]];
}

function rowsOf(
  changes: TableChanges | undefined,
  table: string,
  before: DatabaseSchema,
  after: DatabaseSchema,
): MeantInRows {
  if (!changes) return union([]);
  const entries = [...changes.columns];
  const order = orderOf(before, table);
  return {
    renamed: Object.fromEntries(
      entries.flatMap(([from, to]) => (to === undefined || to === from ? [] : [[fieldName(from), fieldName(to)]])),
    ),
    removed: entries.filter(([, to]) => to === undefined).map(([from]) => fieldName(from)),
    added: [...changes.added].map(fieldName),
    revalued: [...changes.revalued].map(fieldName),
    reordered: (order && (changes.columns.get(order) ?? 'gone')) !== orderOf(after, changes.name),
  };
}

function orderOf(schema: DatabaseSchema, table: string | undefined): string | undefined {
  return describeApi(schema).find((api) => api.table === table)?.order;
}

function union(rows: readonly MeantInRows[]): MeantInRows {
  return {
    renamed: Object.assign({}, ...rows.map(({ renamed }) => renamed)) as Record<string, string>,
    added: rows.flatMap(({ added }) => added),
    removed: rows.flatMap(({ removed }) => removed),
    revalued: rows.flatMap(({ revalued }) => revalued),
    reordered: rows.some(({ reordered }) => reordered),
  };
}

function reasonsOf(
  tables: ReadonlyMap<string, TableChanges>,
  paths: Readonly<Record<string, string | null>>,
): readonly string[] {
  const ofTables = [...tables.values()].flatMap(({ before, name, columns, added, revalued }) => {
    if (name === undefined) return [`${before} is gone`];
    return [
      ...(name === before ? [] : [`${before} is called ${name}`]),
      ...[...columns].flatMap(([from, to]) => {
        if (to === undefined) return [`${name}.${from} is gone`];
        return to === from ? [] : [`${name}.${from} is called ${to}`];
      }),
      ...[...added].map((column) => `${name}.${column} is new`),
      ...[...revalued].map((column) => `${name}.${column} has other values`),
    ];
  });
  return [
    ...ofTables,
    ...Object.entries(paths)
      .filter(([path, now]) => path !== now)
      .map(([path, now]) => (now === null ? `GET ${path} is gone` : `GET ${path} is GET ${now}`)),
  ];
}
