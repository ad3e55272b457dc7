import type { AlterTableCmd, AlterEnumStmt, DropStmt, InsertStmt, Node, RenameStmt, UpdateStmt } from 'libpg-query';
import {
  addComment,
  checkCondition,
  checkStoredValue,
  checkDefault,
  commentedNames,
  columnDefinition,
  namesOfDraft,
  readConstraint,
  readEnum,
  readIndex,
  readName,
  readTable,
  readType,
  refuse,
  textsOf,
  type ColumnDraft,
  type Reading,
  type SchemaDraft,
  type TableDraft,
} from '../schema/drafts.ts';
import { constraintName, constraintsOf, type ChangeStep } from './change-step.ts';
import type { Keeper } from './expand-step.ts';

/** One statement as steps on the draft; what cannot be done stands among the reading's findings. */
export function readStatement(reading: Reading, draft: SchemaDraft, node: Node, keep: Keeper): readonly ChangeStep[] {
  if ('CreateStmt' in node) return createTable(reading, draft, node);
  if ('CreateEnumStmt' in node) return createEnum(reading, draft, node);
  if ('AlterEnumStmt' in node) return changeEnum(reading, draft, node.AlterEnumStmt, keep);
  if ('DropStmt' in node) return drop(reading, draft, node.DropStmt, keep);
  if ('RenameStmt' in node && node.RenameStmt.renameType === 'OBJECT_TYPE')
    return renameEnum(reading, draft, node.RenameStmt);
  if ('RenameStmt' in node && node.RenameStmt.renameType === 'OBJECT_INDEX')
    return renameIndex(reading, draft, node.RenameStmt);
  const table = draft.tables.find(({ name }) => name === reading.table);
  if (!table) return unknownTable(reading, draft);
  if ('AlterTableStmt' in node) return alterTable(reading, draft, table, node.AlterTableStmt.cmds ?? [], keep);
  if ('RenameStmt' in node) return rename(reading, draft, table, node.RenameStmt);
  if ('IndexStmt' in node) return createIndex(reading, draft, table, node);
  if ('CommentStmt' in node) return comment(reading, table, node);
  if ('InsertStmt' in node) return copyRows(reading, draft, table, node.InsertStmt);
  return 'UpdateStmt' in node ? fill(reading, table, node.UpdateStmt, keep) : [];
}

function unknownTable(reading: Reading, draft: SchemaDraft): readonly ChangeStep[] {
  const known = draft.tables.map(({ name }) => name).slice(0, 30);
  refuse(reading, 'unknown-table', `There is no table "${reading.table ?? ''}"`, `Name one of: ${known.join(', ')}.`);
  return [];
}

function createTable(
  reading: Reading,
  draft: SchemaDraft,
  node: Extract<Node, { CreateStmt: unknown }>,
): readonly ChangeStep[] {
  const { relname } = node.CreateStmt.relation ?? {};
  if (isTaken(draft, relname)) {
    if (!node.CreateStmt.if_not_exists)
      refuse(
        reading,
        'duplicate-name',
        `There is a table or type "${relname ?? ''}" already`,
        'Change it with ALTER TABLE, or choose another name.',
      );
    return [];
  }
  const columns = new Set(
    (node.CreateStmt.tableElts ?? []).flatMap((element) =>
      'ColumnDef' in element ? (element.ColumnDef.colname ?? []) : [],
    ),
  );
  const names = { ...reading.names, tables: new Map([...reading.names.tables, [relname ?? '', columns]]) };
  const table = readTable({ ...reading, names }, node.CreateStmt);
  return table ? [{ kind: 'create-table', table }] : [];
}

function isTaken(draft: SchemaDraft, name: string | undefined): boolean {
  return [...draft.tables, ...draft.enums].some((each) => each.name === name);
}

function createEnum(
  reading: Reading,
  draft: SchemaDraft,
  node: Extract<Node, { CreateEnumStmt: unknown }>,
): readonly ChangeStep[] {
  const type = readEnum(reading, node.CreateEnumStmt);
  if (!type) return [];
  if (!isTaken(draft, type.name)) return [{ kind: 'create-enum', type }];
  refuse(
    reading,
    'duplicate-name',
    `There is a table or type "${type.name}" already`,
    'ALTER TYPE … ADD VALUE adds to it.',
  );
  return [];
}

function changeEnum(
  reading: Reading,
  draft: SchemaDraft,
  statement: AlterEnumStmt,
  keep: Keeper,
): readonly ChangeStep[] {
  const type = findEnum(reading, draft, textsOf(statement.typeName).at(-1));
  const { oldVal, newVal = '' } = statement;
  if (!type) return [];
  if (type.values.includes(newVal)) {
    if (!statement.skipIfNewValExists)
      refuse(reading, 'duplicate-name', `${type.name} has the value "${newVal}" already`, 'Leave it out.');
    return [];
  }
  const problem = [oldVal, statement.newValNeighbor].find(
    (value) => value !== undefined && !type.values.includes(value),
  );
  if (problem !== undefined) {
    refuse(
      reading,
      'unknown-value',
      `${type.name} has no value "${problem}"`,
      `Name one of: ${type.values.join(', ')}.`,
    );
    return [];
  }
  if (oldVal !== undefined) return [{ kind: 'rename-enum-value', type: type.name, from: oldVal, to: newVal }];
  return [
    {
      kind: 'set-enum-values',
      type: type.name,
      from: type.values,
      to: insert(type.values, newVal, statement),
      kept: keep().schema,
    },
  ];
}

function insert(
  values: readonly string[],
  value: string,
  { newValNeighbor, newValIsAfter }: AlterEnumStmt,
): readonly string[] {
  if (newValNeighbor === undefined) return [...values, value];
  return values.toSpliced(values.indexOf(newValNeighbor) + (newValIsAfter ? 1 : 0), 0, value);
}

function findEnum(reading: Reading, draft: SchemaDraft, name = ''): SchemaDraft['enums'][number] | undefined {
  const type = draft.enums.find((each) => each.name === name);
  if (type) return type;
  const known = draft.enums.map((each) => each.name).join(', ') || 'there are none yet';
  return refuse(reading, 'unknown-type', `There is no type "${name}"`, `Name an enum of this schema: ${known}.`);
}

function drop(reading: Reading, draft: SchemaDraft, statement: DropStmt, keep: Keeper): readonly ChangeStep[] {
  const names = (statement.objects ?? []).map(lastName);
  const missing = (what: string, name: string): readonly ChangeStep[] => {
    if (!statement.missing_ok)
      refuse(
        reading,
        'unknown-name',
        `There is no ${what} "${name}"`,
        'Leave it out, or write its name as the schema has it.',
      );
    return [];
  };
  return names.flatMap((name): readonly ChangeStep[] => {
    if (statement.removeType === 'OBJECT_TABLE') {
      const table = draft.tables.find((each) => each.name === name);
      return table ? dropTable(reading, draft, table, names, statement, keep) : missing('table', name);
    }
    if (statement.removeType === 'OBJECT_TYPE') {
      const type = draft.enums.find((each) => each.name === name);
      return type ? dropEnum(reading, draft, type, keep) : missing('type', name);
    }
    const owner = draft.tables.find((table) => table.indexes.some((index) => index.name === name));
    const index = owner?.indexes.find((each) => each.name === name);
    return owner && index ? [{ kind: 'drop-index', table: owner.name, index }] : missing('index', name);
  });
}

function lastName(object: Node): string {
  if ('List' in object) return textsOf(object.List.items).at(-1) ?? '';
  return 'TypeName' in object ? (textsOf(object.TypeName.names).at(-1) ?? '') : '';
}

function dropTable(
  reading: Reading,
  draft: SchemaDraft,
  table: TableDraft,
  dropped: readonly string[],
  { behavior }: DropStmt,
  keep: Keeper,
): readonly ChangeStep[] {
  const children = draft.tables.filter(
    (each) => !dropped.includes(each.name) && each.foreignKeys.some((key) => key.referencedTable === table.name),
  );
  if (children.length > 0 && behavior !== 'DROP_CASCADE') {
    refuse(
      reading,
      'in-use',
      `${children.map(({ name }) => name).join(', ')} refer to ${table.name}`,
      'Write CASCADE to drop their foreign keys as well; their columns and rows stay.',
    );
    return [];
  }
  return [{ kind: 'drop-table', table, kept: keep().schema }];
}

function dropEnum(
  reading: Reading,
  draft: SchemaDraft,
  type: SchemaDraft['enums'][number],
  keep: Keeper,
): readonly ChangeStep[] {
  const users = draft.tables.flatMap((table) =>
    table.columns.filter((column) => column.type.name === type.name).map((column) => `${table.name}.${column.name}`),
  );
  if (users.length === 0) return [{ kind: 'drop-enum', type, kept: keep().schema }];
  refuse(
    reading,
    'in-use',
    `${users.join(', ')} is of the type ${type.name}`,
    'Drop that column or change its type first.',
  );
  return [];
}

function renameEnum(reading: Reading, draft: SchemaDraft, { object, newname = '' }: RenameStmt): readonly ChangeStep[] {
  const type = findEnum(reading, draft, object ? lastName(object) : '');
  return type && isFree(reading, draft, 'type', newname) ? [{ kind: 'rename-enum', from: type.name, to: newname }] : [];
}

function renameIndex(
  reading: Reading,
  draft: SchemaDraft,
  { relation, newname = '' }: RenameStmt,
): readonly ChangeStep[] {
  const from = relation?.relname ?? '';
  const owner = draft.tables.find((table) => table.indexes.some((index) => index.name === from));
  if (owner)
    return readName(reading, 'index', newname) === undefined
      ? []
      : [{ kind: 'rename-index', table: owner.name, from, to: newname }];
  refuse(reading, 'unknown-name', `There is no index "${from}"`, 'Write its name as the schema has it.');
  return [];
}

function isFree(reading: Reading, draft: SchemaDraft, what: string, name: string): boolean {
  if (readName(reading, what, name) === undefined) return false;
  if (!isTaken(draft, name)) return true;
  refuse(reading, 'duplicate-name', `There is a table or type "${name}" already`, 'Choose another name.');
  return false;
}

function rename(reading: Reading, draft: SchemaDraft, table: TableDraft, statement: RenameStmt): readonly ChangeStep[] {
  const { renameType, subname: from = '', newname: to = '' } = statement;
  if (renameType === 'OBJECT_TABLE')
    return isFree(reading, draft, 'table', to) ? [{ kind: 'rename-table', from: table.name, to }] : [];
  if (renameType === 'OBJECT_TABCONSTRAINT') {
    const exists = constraintsOf(table).some((constraint) => constraintName(constraint) === from);
    if (exists)
      return readName(reading, 'constraint', to) === undefined
        ? []
        : [{ kind: 'rename-constraint', table: table.name, from, to }];
    refuse(
      reading,
      'unknown-name',
      `${table.name} has no constraint "${from}"`,
      'Write its name as the schema has it.',
    );
    return [];
  }
  const column = findColumn(reading, table, from);
  if (!column || readName(reading, 'column', to) === undefined) return [];
  if (!table.columns.some(({ name }) => name === to)) return [{ kind: 'rename-column', table: table.name, from, to }];
  refuse(reading, 'duplicate-name', `${table.name} has a column "${to}" already`, 'Choose another name.');
  return [];
}

function findColumn(reading: Reading, table: TableDraft, name = ''): ColumnDraft | undefined {
  const column = table.columns.find((each) => each.name === name);
  const known = table.columns.map((each) => each.name).slice(0, 30);
  return (
    column ??
    refuse(reading, 'unknown-column', `${table.name} has no column "${name}"`, `Name one of: ${known.join(', ')}.`)
  );
}

function createIndex(
  reading: Reading,
  draft: SchemaDraft,
  table: TableDraft,
  node: Extract<Node, { IndexStmt: unknown }>,
): readonly ChangeStep[] {
  const { idxname, if_not_exists: isOptional } = node.IndexStmt;
  const exists =
    idxname !== undefined && draft.tables.some((each) => each.indexes.some(({ name }) => name === idxname));
  if (exists && isOptional) return [];
  if (exists) refuse(reading, 'duplicate-name', `There is an index "${idxname}" already`, 'Choose another name.');
  const index = readIndex(reading, node.IndexStmt, table);
  return index ? [{ kind: 'create-index', table: table.name, index }] : [];
}

function comment(
  reading: Reading,
  table: TableDraft,
  node: Extract<Node, { CommentStmt: unknown }>,
): readonly ChangeStep[] {
  const [, name] = commentedNames(node.CommentStmt);
  const changed = addComment(reading, node.CommentStmt, table);
  const textOf = (of: TableDraft): string | undefined =>
    (name === undefined ? of : of.columns.find((column) => column.name === name))?.comment;
  return [{ kind: 'set-comment', table: table.name, column: name, from: textOf(table), to: textOf(changed) }];
}

/** The one form of UPDATE: columns of one table get a value that is made of constants and of the row itself. */
function fill(reading: Reading, table: TableDraft, statement: UpdateStmt, keep: Keeper): readonly ChangeStep[] {
  const columns = new Set(table.columns.map(({ name }) => name));
  const zoned = new Set(table.columns.filter(({ type }) => type.name === 'timestamptz').map(({ name }) => name));
  const { whereClause: where } = statement;
  const check = (expression: Node): void =>
    checkStoredValue(reading, `An UPDATE of ${table.name}`, columns, zoned, expression);
  if (where) check(where);
  return (statement.targetList ?? []).flatMap((target) => {
    const { name, val: value } = 'ResTarget' in target ? target.ResTarget : {};
    const column = findColumn(reading, table, name);
    if (!column || !value) return [];
    check(value);
    return [{ kind: 'fill-column', table: table.name, column: column.name, value, where, kept: keep() } as const];
  });
}

/** The one form of INSERT: columns of one table become rows of another that the change itself has made. */
function copyRows(
  reading: Reading,
  draft: SchemaDraft,
  into: TableDraft,
  statement: InsertStmt,
): readonly ChangeStep[] {
  const select = statement.selectStmt && 'SelectStmt' in statement.selectStmt ? statement.selectStmt.SelectStmt : {};
  const [source, ...more] = (select.fromClause ?? []).map((node) => ('RangeVar' in node ? node.RangeVar.relname : ''));
  const from = draft.tables.find(({ name }) => name === source);
  const columns = (statement.cols ?? []).map((node) => ('ResTarget' in node ? (node.ResTarget.name ?? '') : ''));
  const values = (select.targetList ?? []).map(columnNamed);
  if (!from || more.length > 0 || columns.length === 0 || columns.length !== values.length || values.includes('')) {
    refuse(
      reading,
      'statement-refused',
      'An INSERT may only copy columns of one table',
      'Write INSERT INTO new_table (a, b) SELECT x, y FROM old_table WHERE …',
    );
    return [];
  }
  for (const name of columns) findColumn(reading, into, name);
  for (const name of values) findColumn(reading, from, name);
  const { whereClause: where } = select;
  const known = new Set(from.columns.map(({ name }) => name));
  if (where) checkStoredValue(reading, `An INSERT from ${from.name}`, known, new Set(), where);
  return [{ kind: 'copy-rows', into: into.name, columns, from: from.name, values, where }];
}

function columnNamed(node: Node): string {
  const value = 'ResTarget' in node ? node.ResTarget.val : undefined;
  return value && 'ColumnRef' in value ? (textsOf(value.ColumnRef.fields).at(-1) ?? '') : '';
}

function alterTable(
  reading: Reading,
  draft: SchemaDraft,
  table: TableDraft,
  nodes: readonly Node[],
  keep: Keeper,
): readonly ChangeStep[] {
  return nodes.flatMap((node) =>
    'AlterTableCmd' in node ? alterOne(reading, draft, table, node.AlterTableCmd, keep) : [],
  );
}

function alterOne(
  reading: Reading,
  draft: SchemaDraft,
  table: TableDraft,
  command: AlterTableCmd,
  keep: Keeper,
): readonly ChangeStep[] {
  const place = { table: table.name, column: command.name ?? '' };
  if (command.subtype === 'AT_AddColumn') {
    return addColumn(reading, draft, table, command);
  }
  if (command.subtype === 'AT_AddConstraint') {
    return addConstraint(reading, table, command);
  }
  if (command.subtype === 'AT_DropConstraint') {
    return dropConstraint(reading, draft, table, command);
  }
  if (command.subtype === 'AT_DropColumn') {
    return dropColumn(reading, draft, table, command, keep);
  }
  const column = findColumn(reading, table, command.name);
  if (!column) return [];
  if (command.subtype === 'AT_AlterColumnType') return setType(reading, table, column, command, keep);
  if (command.subtype === 'AT_ColumnDefault') return setDefault(reading, column, place, command.def);
  const nullable = command.subtype === 'AT_DropNotNull';
  if (nullable && table.primaryKey?.columns.includes(column.name)) {
    refuse(
      reading,
      'contradiction',
      `${table.name}.${column.name} is part of the primary key, which takes no NULL`,
      'Leave it out.',
    );
  }
  return column.nullable === nullable ? [] : [{ kind: 'set-nullable', ...place, nullable }];
}

/** Read as a table of the columns that are there and the new one, so that the new one can speak of the others. */
function addColumn(
  reading: Reading,
  draft: SchemaDraft,
  table: TableDraft,
  command: AlterTableCmd,
): readonly ChangeStep[] {
  const definition = command.def && 'ColumnDef' in command.def ? command.def : undefined;
  const name = definition?.ColumnDef.colname ?? '';
  if (table.columns.some((column) => column.name === name)) {
    if (!command.missing_ok)
      refuse(
        reading,
        'duplicate-name',
        `${table.name} has a column "${name}" already`,
        'Choose another name, or leave it out.',
      );
    return [];
  }
  if (!definition) return [];
  const tables = new Map([
    ...namesOfDraft(draft).tables,
    [table.name, new Set([...table.columns.map((column) => column.name), name])],
  ]);
  const known = table.columns.map((column) =>
    columnDefinition({ ...column, default: undefined, identity: undefined, generated: undefined }),
  );
  const read = readTable(
    { ...reading, names: { ...reading.names, tables } },
    { relation: { relname: table.name }, tableElts: [...known, definition] },
  );
  const column = read?.columns.find((each) => each.name === name);
  if (!read || !column) return [];
  if (read.primaryKey && table.primaryKey)
    refuse(reading, 'contradiction', `${table.name} has a primary key already`, 'Write UNIQUE NOT NULL instead.');
  return [
    { kind: 'add-column', table: table.name, column },
    ...constraintsOf(read).map((constraint) => ({ kind: 'add-constraint', table: table.name, constraint }) as const),
  ];
}

function addConstraint(reading: Reading, table: TableDraft, command: AlterTableCmd): readonly ChangeStep[] {
  const node = command.def && 'Constraint' in command.def ? command.def.Constraint : undefined;
  const constraint = node && readConstraint(reading, node);
  if (!constraint) return [];
  if (constraint.kind === 'not-null')
    return constraint.columns.map(
      (column) => ({ kind: 'set-nullable', table: table.name, column, nullable: false }) as const,
    );
  if (constraint.kind === 'primary-key' && table.primaryKey)
    refuse(reading, 'contradiction', `${table.name} has a primary key already`, 'Drop it first, or write UNIQUE.');
  const name = constraintName(constraint);
  if (name !== '' && constraintsOf(table).some((each) => constraintName(each) === name))
    refuse(reading, 'duplicate-name', `${table.name} has a constraint "${name}" already`, 'Choose another name.');
  return [{ kind: 'add-constraint', table: table.name, constraint }];
}

function dropConstraint(
  reading: Reading,
  draft: SchemaDraft,
  table: TableDraft,
  command: AlterTableCmd,
): readonly ChangeStep[] {
  const constraint = constraintsOf(table).find((each) => constraintName(each) === command.name);
  if (!constraint) {
    const known = constraintsOf(table).map(constraintName).join(', ');
    if (!command.missing_ok)
      refuse(
        reading,
        'unknown-name',
        `${table.name} has no constraint "${command.name ?? ''}"`,
        `Name one of: ${known}.`,
      );
    return [];
  }
  const children = draft.tables.flatMap((each) =>
    each.foreignKeys
      .filter((key) => key.referencedTable === table.name && restsOn(key.referencedColumns, constraint))
      .map(() => each.name),
  );
  if (children.length > 0 && command.behavior !== 'DROP_CASCADE')
    refuse(
      reading,
      'in-use',
      `Foreign keys of ${children.join(', ')} rest on ${command.name ?? ''}`,
      'Write CASCADE to drop them as well.',
    );
  return [{ kind: 'drop-constraint', table: table.name, constraint }];
}

function restsOn(referenced: readonly string[], constraint: Parameters<typeof constraintName>[0]): boolean {
  const columns =
    constraint.kind === 'primary-key'
      ? constraint.primaryKey.columns
      : constraint.kind === 'unique'
        ? constraint.unique.columns
        : [];
  return columns.length > 0 && columns.join() === referenced.join();
}

function dropColumn(
  reading: Reading,
  draft: SchemaDraft,
  table: TableDraft,
  command: AlterTableCmd,
  keep: Keeper,
): readonly ChangeStep[] {
  if (command.missing_ok && !table.columns.some(({ name }) => name === command.name)) return [];
  const column = findColumn(reading, table, command.name);
  if (!column) return [];
  if (table.columns.length === 1)
    refuse(reading, 'no-columns', `${column.name} is the only column of ${table.name}`, 'Drop the table.');
  const children = draft.tables.filter(
    (each) =>
      each.name !== table.name &&
      each.foreignKeys.some((key) => key.referencedTable === table.name && key.referencedColumns.includes(column.name)),
  );
  if (children.length > 0 && command.behavior !== 'DROP_CASCADE') {
    refuse(
      reading,
      'in-use',
      `${children.map(({ name }) => name).join(', ')} refer to ${table.name}.${column.name}`,
      'Write CASCADE to drop their foreign keys as well.',
    );
    return [];
  }
  return [{ kind: 'drop-column', table: table.name, column, kept: keep() }];
}

function setType(
  reading: Reading,
  table: TableDraft,
  column: ColumnDraft,
  command: AlterTableCmd,
  keep: Keeper,
): readonly ChangeStep[] {
  const definition = command.def && 'ColumnDef' in command.def ? command.def.ColumnDef : undefined;
  const to = definition?.typeName && readType(reading, definition.typeName, column.name);
  const using = definition?.raw_default;
  if (!to) return [];
  if (to.name.endsWith('serial'))
    refuse(
      reading,
      'type-refused',
      `${table.name}.${column.name} cannot become ${to.name}`,
      'Add a new column GENERATED BY DEFAULT AS IDENTITY.',
    );
  const columns = new Set(table.columns.map(({ name }) => name));
  // Evaluated once, by us: it need not say the same in a session with other settings.
  if (using) checkCondition(reading, `The USING of ${table.name}.${column.name}`, columns, using);
  return [{ kind: 'set-type', table: table.name, column: column.name, from: column.type, to, using, kept: keep() }];
}

function setDefault(
  reading: Reading,
  column: ColumnDraft,
  place: { readonly table: string; readonly column: string },
  expression: Node | undefined,
): readonly ChangeStep[] {
  if (column.generated ?? column.identity) {
    refuse(reading, 'contradiction', `${place.table}.${place.column} fills itself`, 'Leave its default alone.');
    return [];
  }
  if (expression) checkDefault(reading, `The default of ${place.table}.${place.column}`, expression);
  return [{ kind: 'set-default', ...place, from: column.default, to: expression }];
}
